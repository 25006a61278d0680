package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Objects;

/** What a job shall do. Only {@code suspend}, {@code workers.count} and {@code ttlSecondsAfterFinished} can be changed. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = MapReduceJobSpec.UNCHANGED,
        message =
                "of a job only spec.suspend, spec.workers.count and spec.ttlSecondsAfterFinished can be changed: delete it and make another one.")
@ValidationRule(
        value = "self.input.all(one, has(one.files)) || self.input.all(one, has(one.keyspace))",
        message = "spec.input has either files or keyspaces, not both.")
@ValidationRule(
        value = "!has(self.inputFormat) || self.input.all(one, has(one.files))",
        message = "spec.inputFormat is for files: keyspaces have a format of their own.")
@ValidationRule(
        value = "!has(self.output.files) || (has(self.volumes)"
                + " && self.volumes.exists(v, has(v.claim) && self.output.files.startsWith(v.mountPath + '/')))",
        message =
                "spec.output.files must lie below the mountPath of an entry of spec.volumes that has a claim: what a pod writes elsewhere goes with it.")
@ValidationRule(
        value =
                "!has(self.output.staging) || (has(self.volumes)"
                        + " && self.volumes.exists(v, has(v.claim) && (self.output.staging + '/').startsWith(v.mountPath + '/')))",
        message = "spec.output.staging must lie on an entry of spec.volumes that has a claim: all workers must see it.")
public record MapReduceJobSpec(
        @Required
        @Size(min = 1, max = KVCluster.MAX_NAME_LENGTH)
        @JsonPropertyDescription("The KVCluster of the same namespace that holds the job's state.")
        String cluster,

        @Size(min = 1, max = 512)
        @JsonPropertyDescription(
                "An image made from quorate/cli, with the job's classes, commands or files. The operator's default when absent.")
        String image,

        @Size(max = 16) @JsonPropertyDescription("Jars with the job's classes, as paths in the pods; at most 16.")
        List<@Size(min = 1, max = 512) String> jars,

        @Size(max = 16) @JsonPropertyDescription("What is mounted into all of the job's pods; at most 16.")
        List<MapReduceVolume> volumes,

        @Required
        @Size(min = 1, max = 64)
        @JsonPropertyDescription("What is read: 1 to 64 entries, either of files or of keyspaces.")
        List<MapReduceInput> input,

        @Size(min = 1, max = 512)
        @JsonPropertyDescription("text (the default), json, pairs, fixed:K,V or an InputFormat class.")
        String inputFormat,

        @Default(DEFAULT_KEYSPACE_RATE + "")
        @ValidationRule(value = "self >= 1 && self <= 1000", message = "spec.keyspaceRate is 1 to 1000 (MiB a second).")
        @JsonPropertyDescription("Most that a map task reads of a keyspace in a second, in MiB: 1 to 1000.")
        Integer keyspaceRate,

        @ValidationRule(
                value = "self >= 1 && self <= 86400",
                message = "spec.keyspaceStalenessSeconds is 1 to 86400, a day.")
        @JsonPropertyDescription(
                "When given, keyspaces are read from any member: what was written later than so long ago may be missing.")
        Integer keyspaceStalenessSeconds,

        @JsonPropertyDescription("What makes pairs of records. When absent, records pass as they are.")
        MapReduceFunction map,

        @JsonPropertyDescription("What makes fewer pairs of a map task's; may run any number of times.")
        MapReduceFunction combine,

        @JsonPropertyDescription("What makes the output of a key's values. When absent, pairs pass in order.")
        MapReduceFunction reduce,

        @Default(DEFAULT_PARTITION)
        @Size(min = 1, max = 512)
        @JsonPropertyDescription("hash, range (output in total order) or a Partitioner class.")
        String partition,

        @Required @JsonPropertyDescription("Where the output goes.")
        MapReduceOutput output,

        @Default(DEFAULT_REDUCERS + "")
        @ValidationRule(value = "self >= 1 && self <= 10000", message = "spec.reducers is 1 to 10000.")
        @JsonPropertyDescription("Reduce tasks, and so files of output: 1 to 10000.")
        Integer reducers,

        @Default(DEFAULT_SPLIT_MEBIBYTES + "")
        @ValidationRule(value = "self >= 1 && self <= 1024", message = "spec.splitMebibytes is 1 to 1024.")
        @JsonPropertyDescription("Input of a map task, in MiB: 1 to 1024.")
        Integer splitMebibytes,

        @Default(DEFAULT_SORT_BUFFER_MEBIBYTES + "")
        @ValidationRule(value = "self >= 1 && self <= 1024", message = "spec.sortBufferMebibytes is 1 to 1024.")
        @JsonPropertyDescription(
                "Memory of a map task for its pairs, in MiB: 1 to 1024. Beyond, it spills to its disk.")
        Integer sortBufferMebibytes,

        @Default("0")
        @ValidationRule(value = "self >= 0 && self <= 1000000", message = "spec.skipBadRecords is 0 to 1000000.")
        @JsonPropertyDescription("Records that may be left out because code throws on them.")
        Integer skipBadRecords,

        @Default("true")
        @JsonPropertyDescription(
                "Whether a slow task gets a second attempt beside it. False for code that changes something outside of the job.")
        Boolean backups,

        @Default("{}") @JsonPropertyDescription("The pods that pull tasks.")
        MapReduceWorkers workers,

        @JsonPropertyDescription("Where the job's pods may run. Read when the job begins.")
        SchedulingSpec scheduling,

        @Size(min = 1, max = 253)
        @JsonPropertyDescription(
                "The ServiceAccount of the job's pods, whose token they then see. Without: the default one, and no token.")
        String serviceAccountName,

        @Default("false")
        @JsonPropertyDescription(
                "True holds the job: its pods go, and what it has done stays. A queue such as Kueue holds it by the Job of its workers.")
        Boolean suspend,

        @ValidationRule(
                value = "self >= 0 && self <= 31536000",
                message = "spec.ttlSecondsAfterFinished is 0 to 31536000, a year.")
        @JsonPropertyDescription(
                "When the resource deletes itself after its end, and the job's state in the cluster with it. Never when absent. Its output stays.")
        Integer ttlSecondsAfterFinished) {
    public static final int DEFAULT_KEYSPACE_RATE = 2;
    public static final String DEFAULT_PARTITION = "hash";
    public static final int DEFAULT_REDUCERS = 1;
    public static final int DEFAULT_SPLIT_MEBIBYTES = 32;
    public static final int DEFAULT_SORT_BUFFER_MEBIBYTES = 48;

    /** All fields but those that can be changed; and but resources and scheduling, which are too large for a rule to compare and are read once. */
    static final String UNCHANGED = "self.cluster == oldSelf.cluster"
            + " && self.input == oldSelf.input"
            + " && self.keyspaceRate == oldSelf.keyspaceRate"
            + " && self.partition == oldSelf.partition"
            + " && self.output == oldSelf.output"
            + " && self.reducers == oldSelf.reducers"
            + " && self.splitMebibytes == oldSelf.splitMebibytes"
            + " && self.sortBufferMebibytes == oldSelf.sortBufferMebibytes"
            + " && self.skipBadRecords == oldSelf.skipBadRecords"
            + " && self.backups == oldSelf.backups"
            + " && has(self.keyspaceStalenessSeconds) == has(oldSelf.keyspaceStalenessSeconds)"
            + " && (!has(self.keyspaceStalenessSeconds) || self.keyspaceStalenessSeconds == oldSelf.keyspaceStalenessSeconds)"
            + " && self.workers.slots == oldSelf.workers.slots"
            + " && self.workers.restarts == oldSelf.workers.restarts"
            + " && self.workers.scratch == oldSelf.workers.scratch"
            + " && has(self.image) == has(oldSelf.image) && (!has(self.image) || self.image == oldSelf.image)"
            + " && has(self.jars) == has(oldSelf.jars) && (!has(self.jars) || self.jars == oldSelf.jars)"
            + " && has(self.volumes) == has(oldSelf.volumes) && (!has(self.volumes) || self.volumes == oldSelf.volumes)"
            + " && has(self.inputFormat) == has(oldSelf.inputFormat) && (!has(self.inputFormat) || self.inputFormat == oldSelf.inputFormat)"
            + " && has(self.map) == has(oldSelf.map) && (!has(self.map) || self.map == oldSelf.map)"
            + " && has(self.combine) == has(oldSelf.combine) && (!has(self.combine) || self.combine == oldSelf.combine)"
            + " && has(self.reduce) == has(oldSelf.reduce) && (!has(self.reduce) || self.reduce == oldSelf.reduce)"
            + " && has(self.serviceAccountName) == has(oldSelf.serviceAccountName) && (!has(self.serviceAccountName) || self.serviceAccountName == oldSelf.serviceAccountName)";

    public MapReduceJobSpec {
        jars = Objects.requireNonNullElse(jars, List.of());
        volumes = Objects.requireNonNullElse(volumes, List.of());
        input = Objects.requireNonNullElse(input, List.of());
        keyspaceRate = Objects.requireNonNullElse(keyspaceRate, DEFAULT_KEYSPACE_RATE);
        partition = Objects.requireNonNullElse(partition, DEFAULT_PARTITION);
        reducers = Objects.requireNonNullElse(reducers, DEFAULT_REDUCERS);
        splitMebibytes = Objects.requireNonNullElse(splitMebibytes, DEFAULT_SPLIT_MEBIBYTES);
        sortBufferMebibytes = Objects.requireNonNullElse(sortBufferMebibytes, DEFAULT_SORT_BUFFER_MEBIBYTES);
        skipBadRecords = Objects.requireNonNullElse(skipBadRecords, 0);
        backups = Objects.requireNonNullElse(backups, true);
        workers = workers == null ? new MapReduceWorkers(null, null, null, null, null) : workers;
        suspend = Objects.requireNonNullElse(suspend, false);
    }
}
