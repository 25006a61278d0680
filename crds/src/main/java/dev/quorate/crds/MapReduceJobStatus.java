package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/**
 * How far a job is. Made anew by every pass of the operator from what the cluster holds of the job, its coordinator says and its pods show; once the
 * job has ended it stays as it is.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MapReduceJobStatus(
        @JsonPropertyDescription("Pending, Suspended, Mapping, Reducing, Publishing, Succeeded or Failed.")
        MapReducePhase phase,

        @JsonPropertyDescription("The job's name in the cluster, for 'quorate mr status --job'.")
        String job,

        @JsonPropertyDescription("Map tasks committed of all, as in 12/40.")
        String maps,

        @JsonPropertyDescription("Reduce tasks committed of all.")
        String reduces,

        @JsonPropertyDescription("Workers that run of those asked for.")
        String workers,

        @JsonPropertyDescription("How many attempts are much slower than others of their phase.")
        Integer stragglers,

        @JsonPropertyDescription("The slowest of them; at most 10.")
        List<Straggler> slowest,

        @JsonPropertyDescription("Tasks that failed and are tried again; at most 10.")
        List<FailingTask> failing,

        @JsonPropertyDescription("Records left out because code threw on them.")
        Integer skippedRecords,

        @JsonPropertyDescription("Of all committed tasks; at most 64.")
        List<JobCounter> counters,

        @JsonPropertyDescription("How many counters more there are.")
        Integer countersOmitted,

        @JsonPropertyDescription("How often the job was taken over by a coordinator: 1 when none died.")
        Integer coordinators,

        @JsonPropertyDescription("When the job was put into the cluster.")
        String startTime,

        @JsonPropertyDescription("When it was seen to have ended.")
        String completionTime,

        @JsonPropertyDescription("Complete, Failed, Suspended and Degraded.")
        List<Condition> conditions,

        @JsonPropertyDescription("The generation of the spec that this status answers to.")
        Long observedGeneration,

        @JsonPropertyDescription("What matters most, in a sentence.")
        String message) {

    /** An attempt whose end is far away. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Straggler(
            @JsonPropertyDescription("The attempt's name, as in map-00042.e1.a1.")
            String attempt,

            @JsonPropertyDescription("How far it is, in percent.")
            int percent,

            @JsonPropertyDescription("Records that it has processed.")
            long records,

            @JsonPropertyDescription("How long it runs.") long seconds,

            @JsonPropertyDescription("What it says of itself.")
            String says) {}

    /** A task of which attempts failed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FailingTask(
            @JsonPropertyDescription("The task's name, as in map-00042.")
            String task,

            @JsonPropertyDescription("How many of its attempts failed.")
            int failures) {}

    /** A counter's value. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record JobCounter(
            @JsonPropertyDescription("The counter's group.") String group,

            @JsonPropertyDescription("The counter's name.") String name,

            @JsonPropertyDescription("Its value.") long value) {}
}
