package dev.quorate.cli.mr;

import dev.quorate.cli.output.UserError;
import dev.quorate.client.Endpoint;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.JobSpec.Function;
import dev.quorate.mapreduce.keyspace.KeyspaceTarget;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options that describe a job. */
final class JobOptions {
    private static final String KEYSPACE = "kv:";
    private static final int MEBIBYTE = 1 << 20;
    private static final int MEBIBYTES_MAX = 1024;
    private static final int STALENESS_SECONDS_MAX = 999_999;

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

    @Option(
            names = "--combine-command",
            paramLabel = "COMMAND",
            description = "Reads key, tab, value in the order of the keys, writes fewer of the same.")
    private Optional<String> combineCommand = Optional.empty();

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
            description = "A file, a directory or a pattern in quotes; may be repeated.")
    private List<String> input = List.of();

    @Option(
            names = "--keyspace",
            paramLabel = "HOST:PORT/PREFIX",
            description = "Keys of a cluster as input, instead of files; may be repeated.")
    private List<String> keyspaces = List.of();

    @Option(
            names = "--keyspace-rate",
            paramLabel = "MIB",
            defaultValue = "2",
            description = "Most that a map task reads of a keyspace in a second (${DEFAULT-VALUE}).")
    private String keyspaceRate;

    @Option(
            names = "--keyspace-staleness",
            paramLabel = "SECONDS",
            description = "Read a keyspace from any member: what was written later than so long ago may be missing.")
    private Optional<Integer> keyspaceStaleness = Optional.empty();

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json, pairs, fixed:K,V or an InputFormat (${DEFAULT-VALUE}).")
    private String inputFormat;

    @Option(
            names = "--output",
            paramLabel = "DIR|kv:[HOST:PORT/]PREFIX",
            required = true,
            description = {
                "A directory that is not there yet, or keys of a cluster; without HOST:PORT of the one that --keyspace names.",
                "Those are PREFIX<generation>/<key>; PREFIXcurrent says which generation to read."
            })
    private String output;

    @Option(
            names = "--staging",
            paramLabel = "DIR",
            description = "Where output for a keyspace is kept until all of it is there; all workers must see it.")
    private Optional<Path> staging = Optional.empty();

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
            description =
                    "Records that may be left out because code throws, or a command ends badly, on them (${DEFAULT-VALUE}).")
    private int skipBadRecords;

    JobSpec spec() {
        if (splitMebibytes < 1
                || splitMebibytes > MEBIBYTES_MAX
                || sortBufferMebibytes < 1
                || sortBufferMebibytes > MEBIBYTES_MAX) {
            throw UserError.misused("--split-size and --sort-buffer are 1 to " + MEBIBYTES_MAX + " MiB.");
        }
        if (skipBadRecords < 0) {
            throw UserError.misused("--skip-bad-records must be at least 0.");
        }
        if (!keyspaceRate.matches("\\d{1,4}(\\.\\d{1,3})?")) {
            throw UserError.misused(
                    "--keyspace-rate is a number of MiB, up to 9999, with at most three decimals, unlike "
                            + keyspaceRate + ".");
        }
        if (keyspaceStaleness
                .filter(seconds -> seconds < 0 || seconds > STALENESS_SECONDS_MAX)
                .isPresent()) {
            throw UserError.misused("--keyspace-staleness is 0 to " + STALENESS_SECONDS_MAX + " seconds.");
        }
        if (input.isEmpty() == keyspaces.isEmpty()) {
            throw UserError.misused("a job has either --input or --keyspace.");
        }
        Optional<KeyspaceTarget> target = keyspaceTarget();
        return new JobSpec(
                jars,
                function("map", map, mapCommand),
                function("combine", combine, combineCommand),
                function("reduce", reduce, reduceCommand),
                partition,
                input.isEmpty() ? keyspaces : input,
                input.isEmpty() ? keyspaceFormat() : inputFormat,
                target.isPresent() ? stagingDirectory(target.get().generation()) : Path.of(output),
                target.isPresent() ? "staged" : outputFormat,
                reducers,
                (long) splitMebibytes * MEBIBYTE,
                sortBufferMebibytes * MEBIBYTE,
                skipBadRecords,
                target);
    }

    private String keyspaceFormat() {
        return "keyspace:" + keyspaceRate
                + keyspaceStaleness.map(seconds -> "," + seconds).orElse("");
    }

    private Optional<KeyspaceTarget> keyspaceTarget() {
        if (!output.startsWith(KEYSPACE)) {
            return Optional.empty();
        }
        String place = output.substring(KEYSPACE.length());
        int slash = place.indexOf('/');
        if (slash < 0 && keyspaces.isEmpty()) {
            throw UserError.misused("--output " + output + " does not say which cluster: write kv:HOST:PORT/PREFIX.");
        }
        String seeds = slash < 0 ? keyspaces.getFirst().split("/")[0] : place.substring(0, slash);
        try {
            Stream.of(seeds.split(",")).forEach(Endpoint::parse);
        } catch (IllegalArgumentException e) {
            throw UserError.misused("--output " + output + " does not say which cluster: " + e.getMessage()
                    + ". Write kv:HOST:PORT/PREFIX.");
        }
        // of this job alone, also of those that are submitted in the same millisecond
        long unique = System.currentTimeMillis() << Integer.SIZE / 2
                | ThreadLocalRandom.current().nextInt(1 << Integer.SIZE / 2);
        String generation = Long.toString(unique, Character.MAX_RADIX);
        return Optional.of(new KeyspaceTarget(seeds, place.substring(slash + 1), generation));
    }

    private Path stagingDirectory(String generation) {
        return staging.orElse(Path.of(System.getProperty("java.io.tmpdir")))
                .resolve("quorate-mr-staging-" + generation);
    }

    private static Optional<Function> function(String phase, Optional<String> name, Optional<String> command) {
        if (name.isPresent() && command.isPresent()) {
            throw UserError.misused("--" + phase + " and --" + phase + "-command exclude each other.");
        }
        return name.<Function>map(Function.JavaClass::new).or(() -> command.map(Function.Command::new));
    }
}
