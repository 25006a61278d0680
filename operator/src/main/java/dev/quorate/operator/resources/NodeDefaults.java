package dev.quorate.operator.resources;

import io.fabric8.kubernetes.api.model.ResourceRequirements;

/** What a node's pod has where the KVCluster says nothing. */
public record NodeDefaults(String image, String pullPolicy, ResourceRequirements resources) {
    public NodeDefaults withImage(String other) {
        return new NodeDefaults(other, pullPolicy, resources);
    }
}
