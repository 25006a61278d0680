package dev.quorate.mapreduce.table;

import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.JobSpec.Function;
import dev.quorate.mapreduce.keyspace.KeyspaceTarget;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A job's description as it is stored: plain strings and numbers. A function is null, {@code class:NAME} or {@code command:LINE}.
 *
 * @param id of this submission alone: another job of the same name, later, has another
 */
record SpecRecord(
        String id,
        List<String> jars,
        String map,
        String combine,
        String reduce,
        String partition,
        List<String> input,
        String inputFormat,
        String output,
        String outputFormat,
        int reducers,
        long splitBytes,
        int sortBufferBytes,
        int skipBadRecords,
        KeyspaceTarget keyspace) {
    private static final String CLASS = "class:";
    private static final String COMMAND = "command:";

    static SpecRecord of(String id, JobSpec spec) {
        return new SpecRecord(
                id,
                spec.jars().stream().map(Path::toString).toList(),
                text(spec.map()),
                text(spec.combine()),
                text(spec.reduce()),
                spec.partition(),
                spec.input(),
                spec.inputFormat(),
                spec.output().toString(),
                spec.outputFormat(),
                spec.reducers(),
                spec.splitBytes(),
                spec.sortBufferBytes(),
                spec.skipBadRecords(),
                spec.keyspace().orElse(null));
    }

    JobSpec spec() {
        return new JobSpec(
                jars.stream().map(Path::of).toList(),
                function(map),
                function(combine),
                function(reduce),
                partition,
                input,
                inputFormat,
                Path.of(output),
                outputFormat,
                reducers,
                splitBytes,
                sortBufferBytes,
                skipBadRecords,
                Optional.ofNullable(keyspace));
    }

    private static String text(Optional<Function> function) {
        return switch (function.orElse(null)) {
            case null -> null;
            case Function.JavaClass java -> CLASS + java.name();
            case Function.Command command -> COMMAND + command.line();
        };
    }

    private static Optional<Function> function(String text) {
        if (text == null) {
            return Optional.empty();
        }
        return Optional.of(
                text.startsWith(CLASS)
                        ? new Function.JavaClass(text.substring(CLASS.length()))
                        : new Function.Command(text.substring(COMMAND.length())));
    }
}
