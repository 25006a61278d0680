package dev.quorate.operator.mapreduce;

import dev.quorate.crds.MapReduceJob;
import dev.quorate.crds.MapReduceJobStatus;
import dev.quorate.crds.MapReducePhase;
import dev.quorate.mapreduce.coordinator.StatusReply;
import dev.quorate.mapreduce.schedule.AttemptId;
import dev.quorate.mapreduce.schedule.JobStatus;
import dev.quorate.mapreduce.schedule.JobStatus.AttemptStatus;
import dev.quorate.mapreduce.schedule.JobStatus.PhaseStatus;
import dev.quorate.mapreduce.schedule.TaskId;
import dev.quorate.mapreduce.schedule.TaskId.Kind;
import dev.quorate.mapreduce.table.JobTable;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The job of examples/mapreduce-wordcount.yaml at various moments, for tests. */
public final class Jobs {
    static final JobDefaults DEFAULTS =
            new JobDefaults("quorate/cli:1", "IfNotPresent", new ResourceRequirementsBuilder().build());
    static final String UID = "11111111-2222-3333-4444-555555555555";

    /** Nothing is known of where members run. */
    static final SortedMap<String, String> NOWHERE = Collections.emptySortedMap();

    private Jobs() {}

    /** The first document of the example. */
    public static MapReduceJob example() {
        return read(yaml -> yaml);
    }

    /** The example, but that it reads keys of its cluster. */
    public static MapReduceJob overKeyspace() {
        return read(yaml -> yaml.replace("files: /texts/*.txt", "keyspace: {prefix: \"doc:\"}"));
    }

    private static MapReduceJob read(UnaryOperator<String> edit) {
        try {
            String yaml = Files.readString(
                    Path.of(System.getProperty("quorate.root"), "examples", "mapreduce-wordcount.yaml"));
            MapReduceJob job =
                    Serialization.unmarshal(edit.apply(yaml.substring(0, yaml.indexOf("\n---"))), MapReduceJob.class);
            job.getMetadata().setNamespace("shop");
            job.getMetadata().setUid(UID);
            job.getMetadata().setGeneration(1L);
            return job;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static MapReduceJob suspended() {
        MapReduceJob job = example();
        String yaml = Serialization.asYaml(job).replace("suspend: false", "suspend: true");
        return Serialization.unmarshal(yaml, MapReduceJob.class);
    }

    static MapReduceJob with(MapReduceJobStatus status) {
        MapReduceJob job = example();
        job.setStatus(status);
        return job;
    }

    static Job workers(MapReduceJob job) {
        return WorkerJobs.build(JobIdentity.of(job), job.getSpec(), Map.of(), DEFAULTS, Optional.empty());
    }

    static Deployment coordinator(MapReduceJob job) {
        return Coordinators.build(JobIdentity.of(job), job.getSpec(), DEFAULTS, NOWHERE, true, Optional.empty());
    }

    static Job with(Job job, String condition) {
        return new JobBuilder(job)
                .withNewStatus()
                .addNewCondition()
                .withType(condition)
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();
    }

    static Pod pod(String name, String component, String phase, String reason, String message) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withCreationTimestamp("2026-01-01T00:00:00Z")
                .addToLabels(JobIdentity.COMPONENT_LABEL, component)
                .endMetadata()
                .withNewStatus()
                .withPhase(phase)
                .withReason(reason)
                .withMessage(message)
                .endStatus()
                .build();
    }

    static JobSituation situation(MapReduceJob job, Stored stored, Pod... pods) {
        return new JobSituation(
                job, Optional.of(workers(job)), Optional.of(coordinator(job)), Optional.empty(), List.of(pods), stored);
    }

    /** 40 maps, of which some are committed and some are stragglers. */
    public static StatusReply mapping(int committed, int stragglers, int counters) {
        List<AttemptStatus> running = new ArrayList<>();
        for (int i = 0; i < stragglers; i++) {
            running.add(new AttemptStatus(
                    new AttemptId(TaskId.map(i), 1, 1),
                    "w",
                    0.5 + i / 100.0,
                    1000,
                    9000,
                    true,
                    false,
                    i == 0 ? "s".repeat(300) : ""));
        }
        Map<String, Integer> failures = stragglers > 0 ? Map.of("map-00007", 2) : Map.of();
        TreeMap<String, Long> values = new TreeMap<>();
        for (int i = 0; i < counters; i++) {
            values.put("counter %03d".formatted(i), (long) i);
        }
        return new StatusReply(
                new JobStatus(
                        Kind.MAP,
                        Map.of(
                                Kind.MAP, new PhaseStatus(40, stragglers, committed, 0.5, failures),
                                Kind.REDUCE, new PhaseStatus(4, 0, 0, 0, Map.of()),
                                Kind.PUBLISH, new PhaseStatus(1, 0, 0, 0, Map.of())),
                        running,
                        3),
                Map.of("job", values));
    }

    public static Stored.Ended ended(boolean succeeded, String reason, int maps) {
        return new Stored.Ended(
                1,
                new JobTable.Outcome(succeeded, reason),
                new JobTable.Totals(
                        maps,
                        maps,
                        4,
                        2,
                        new TreeMap<>(Map.of("job", new TreeMap<>(Map.of("map input records", 9L))))));
    }

    static MapReduceJobStatus status(MapReducePhase phase, String completionTime) {
        return new MapReduceJobStatus(
                phase,
                "wordcount-" + UID,
                "3/40",
                "0/4",
                "2/2",
                0,
                null,
                null,
                0,
                null,
                null,
                1,
                "2026-01-01T00:00:00Z",
                completionTime,
                null,
                1L,
                "");
    }
}
