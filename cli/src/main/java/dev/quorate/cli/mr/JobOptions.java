package dev.quorate.cli.mr;

import dev.quorate.cli.output.UserError;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.JobSpec.Function;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that describe a job. */
final class JobOptions {
    private static final int MEBIBYTE = 1 << 20;
    private static final int MEBIBYTES_MAX = 1024;

    @Option(names = "--jar", paramLabel = "FILE", description = "With the classes named below; may be repeated.")
    private List<Path> jars = List.of();

    @Option(names = "--map", paramLabel = "CLASS", description = "A Mapper; without: records pass as they are.")
    private Optional<String> map = Optional.empty();

    @Option(names = "--map-command", paramLabel = "COMMAND", description = "Reads records, writes key, tab, value.")
    private Optional<String> mapCommand = Optional.empty();

    @Option(
            names = "--combine",
            paramLabel = "CLASS",
            description = "A Combiner, or a Reducer that gives what it takes.")
    private Optional<String> combine = Optional.empty();

    @Option(names = "--reduce", paramLabel = "CLASS", description = "A Reducer; without: pairs pass in order.")
    private Optional<String> reduce = Optional.empty();

    @Option(
            names = "--reduce-command",
            paramLabel = "COMMAND",
            description = "Reads key, tab, value in the order of the keys, writes the same.")
    private Optional<String> reduceCommand = Optional.empty();

    @Option(
            names = "--partition",
            paramLabel = "HOW",
            defaultValue = "hash",
            description = "hash, range (output in total order) or a Partitioner (${DEFAULT-VALUE}).")
    private String partition;

    @Option(
            names = "--input",
            paramLabel = "FILES",
            required = true,
            description = "A file, a directory or a pattern in quotes; may be repeated.")
    private List<String> input;

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json, pairs, fixed:K,V or an InputFormat (${DEFAULT-VALUE}).")
    private String inputFormat;

    @Option(names = "--output", paramLabel = "DIR", required = true, description = "A directory that is not there yet.")
    private Path output;

    @Option(
            names = "--output-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, fixed or an OutputFormat (${DEFAULT-VALUE}).")
    private String outputFormat;

    @Option(
            names = "--reducers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Reduce tasks, and so files of output (${DEFAULT-VALUE}).")
    private int reducers;

    @Option(
            names = "--split-size",
            paramLabel = "MIB",
            defaultValue = "32",
            description = "Input of a map task (${DEFAULT-VALUE}).")
    private int splitMebibytes;

    @Option(
            names = "--sort-buffer",
            paramLabel = "MIB",
            defaultValue = "48",
            description = "Memory of a map task for its pairs; beyond, it spills (${DEFAULT-VALUE}).")
    private int sortBufferMebibytes;

    @Option(
            names = "--skip-bad-records",
            paramLabel = "N",
            defaultValue = "0",
            description = "Records that may be left out because code throws on them (${DEFAULT-VALUE}).")
    private int skipBadRecords;

    JobSpec spec() {
        if (splitMebibytes < 1
                || splitMebibytes > MEBIBYTES_MAX
                || sortBufferMebibytes < 1
                || sortBufferMebibytes > MEBIBYTES_MAX) {
            throw UserError.misused("--split-size and --sort-buffer are 1 to " + MEBIBYTES_MAX + " MiB.");
        }
        return new JobSpec(
                jars,
                function("map", map, mapCommand),
                combine.map(Function.JavaClass::new),
                function("reduce", reduce, reduceCommand),
                partition,
                input,
                inputFormat,
                output,
                outputFormat,
                reducers,
                (long) splitMebibytes * MEBIBYTE,
                sortBufferMebibytes * MEBIBYTE,
                skipBadRecords);
    }

    private static Optional<Function> function(String phase, Optional<String> name, Optional<String> command) {
        if (name.isPresent() && command.isPresent()) {
            throw UserError.misused("--" + phase + " and --" + phase + "-command exclude each other.");
        }
        return name.<Function>map(Function.JavaClass::new).or(() -> command.map(Function.Command::new));
    }
}
