package dev.quorate.operator.mapreduce;

import dev.quorate.crds.MapReduceFunction;
import dev.quorate.crds.MapReduceInput;
import dev.quorate.crds.MapReduceJobSpec;
import dev.quorate.crds.MapReduceKeyspace;
import dev.quorate.crds.MapReduceOutput;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.JobSpec.Function;
import dev.quorate.mapreduce.keyspace.KeyspaceTarget;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** What a MapReduceJob says, in the words of {@code dev.quorate.mapreduce}. */
public final class JobDescriptions {
    private static final int MEBIBYTE = 1 << 20;

    private JobDescriptions() {}

    public static JobSpec of(JobIdentity job, MapReduceJobSpec spec) {
        boolean files = spec.input().stream().allMatch(input -> input.files() != null);
        MapReduceOutput output = spec.output();
        return new JobSpec(
                spec.jars().stream().map(Path::of).toList(),
                function(spec.map()),
                function(spec.combine()),
                function(spec.reduce()),
                spec.partition(),
                spec.input().stream().map(input -> input(job, spec, input)).toList(),
                files ? Objects.requireNonNullElse(spec.inputFormat(), "text") : keyspaceFormat(spec),
                output.keyspace() == null
                        ? Path.of(output.files())
                        : Path.of(output.staging(), "quorate-mr-staging-" + job.uid()),
                output.keyspace() == null ? Objects.requireNonNullElse(output.format(), "text") : "staged",
                spec.reducers(),
                (long) spec.splitMebibytes() * MEBIBYTE,
                spec.sortBufferMebibytes() * MEBIBYTE,
                spec.skipBadRecords(),
                Optional.ofNullable(output.keyspace())
                        .map(keyspace -> new KeyspaceTarget(seeds(job, spec, keyspace), keyspace.prefix(), job.uid())));
    }

    private static String keyspaceFormat(MapReduceJobSpec spec) {
        return "keyspace:" + spec.keyspaceRate()
                + (spec.keyspaceStalenessSeconds() == null ? "" : "," + spec.keyspaceStalenessSeconds());
    }

    private static String input(JobIdentity job, MapReduceJobSpec spec, MapReduceInput input) {
        return input.files() != null
                ? input.files()
                : seeds(job, spec, input.keyspace()) + "/" + input.keyspace().prefix();
    }

    private static String seeds(JobIdentity job, MapReduceJobSpec spec, MapReduceKeyspace keyspace) {
        return job.seeds(cluster(spec, keyspace));
    }

    /** The name of the KVCluster that the keys are in. */
    static String cluster(MapReduceJobSpec spec, MapReduceKeyspace keyspace) {
        return Objects.requireNonNullElse(keyspace.cluster(), spec.cluster());
    }

    private static Optional<Function> function(MapReduceFunction function) {
        if (function == null) {
            return Optional.empty();
        }
        return Optional.of(
                function.java() != null
                        ? new Function.JavaClass(function.java())
                        : new Function.Command(function.command()));
    }
}
