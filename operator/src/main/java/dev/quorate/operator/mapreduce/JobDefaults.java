package dev.quorate.operator.mapreduce;

import io.fabric8.kubernetes.api.model.ResourceRequirements;

/** What a job's pods have where the MapReduceJob says nothing. */
public record JobDefaults(String image, String pullPolicy, ResourceRequirements workerResources) {}
