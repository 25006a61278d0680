package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.Codec;
import dev.quorate.mapreduce.InputFormat;
import dev.quorate.mapreduce.Mapper;
import dev.quorate.mapreduce.OutputFormat;
import dev.quorate.mapreduce.Partitioner;
import dev.quorate.mapreduce.Reducer;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.Text;
import dev.quorate.mapreduce.codec.Codecs;
import dev.quorate.mapreduce.codec.TypeArguments;
import dev.quorate.mapreduce.command.CommandMapper;
import dev.quorate.mapreduce.command.CommandReducer;
import dev.quorate.mapreduce.command.Commands;
import dev.quorate.mapreduce.engine.CombiningTable;
import dev.quorate.mapreduce.engine.MapBuffer;
import dev.quorate.mapreduce.engine.SortBuffer;
import dev.quorate.mapreduce.format.FixedOutput;
import dev.quorate.mapreduce.format.FixedPairs;
import dev.quorate.mapreduce.format.JsonLines;
import dev.quorate.mapreduce.format.PairLines;
import dev.quorate.mapreduce.format.TextLines;
import dev.quorate.mapreduce.format.TextOutput;
import dev.quorate.mapreduce.job.JobSpec.Function;
import dev.quorate.mapreduce.job.UserClasses.Maker;
import dev.quorate.mapreduce.keyspace.KeyspaceInput;
import dev.quorate.mapreduce.keyspace.StagedPairs;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A job whose classes are found and whose types agree. Makes the instances that an attempt needs; safe for many threads. */
public final class Job implements Closeable {
    private static final PairType TEXTS = new PairType(Text.class, Text.class);
    private static final Pattern KEYSPACE = Pattern.compile("keyspace(?::(\\d{1,4}(?:\\.\\d{1,3})?)(?:,(\\d{1,6}))?)?");
    private static final Pattern FIXED = Pattern.compile("fixed:(\\d{1,6}),(\\d{1,7})");

    /** Makes one instance for one attempt. */
    @FunctionalInterface
    interface Supply<T> {
        T get() throws JobException;
    }

    private final JobSpec spec;
    private final UserClasses classes;
    private InputFormat<Object, Object> input;
    private PairType inputType;
    private Supply<Mapper<Object, Object, Object, Object>> mapper;
    private PairType mapperTakes;
    private PairType between;
    private Optional<Supply<Reducer<Object, Object, Object, Object>>> combiner = Optional.empty();
    private PairType combines;
    private Optional<Supply<Reducer<Object, Object, Object, Object>>> commandCombiner = Optional.empty();
    private Supply<Reducer<Object, Object, Object, Object>> reducer;
    private PairType reducerTakes;
    private PairType outputType;
    private OutputFormat<Object, Object> output;
    private Optional<Maker<Partitioner<Object>>> partitioner = Optional.empty();

    private Job(JobSpec spec) throws JobException {
        this.spec = spec;
        this.classes = new UserClasses(spec.jars());
    }

    /** Finds and checks everything that can be without looking at the input. */
    public static Job open(JobSpec spec) throws JobException {
        if (spec.reducers() < 1 || spec.reducers() > JobSpec.REDUCERS_MAX) {
            throw new JobException(
                    "a job has 1 to " + JobSpec.REDUCERS_MAX + " reducers, not " + spec.reducers() + ".");
        }
        Job job = new Job(spec);
        try {
            job.bindInput();
            job.bindMapper();
            job.bindReducer();
            job.bindCombiner();
            job.bindPartitioner();
            job.bindOutput();
            return job;
        } catch (JobException e) {
            job.close();
            throw e;
        }
    }

    @SuppressWarnings("unchecked") // the types are checked against each other by what the classes declare
    private static <T> T erased(Object instance) {
        return (T) instance;
    }

    private void bindInput() throws JobException {
        Matcher fixed = FIXED.matcher(spec.inputFormat());
        Matcher keyspace = KEYSPACE.matcher(spec.inputFormat());
        if (keyspace.matches()) {
            double rate = keyspace.group(1) == null
                    ? KeyspaceInput.DEFAULT_MEBIBYTES_PER_SECOND
                    : Double.parseDouble(keyspace.group(1));
            if (rate == 0) {
                throw new JobException("input format " + spec.inputFormat() + " would never read anything.");
            }
            input = erased(new KeyspaceInput(
                    rate,
                    Optional.ofNullable(keyspace.group(2))
                            .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))));
        } else if (fixed.matches()) {
            int keyBytes = Integer.parseInt(fixed.group(1));
            int valueBytes = Integer.parseInt(fixed.group(2));
            if (keyBytes + valueBytes == 0) {
                throw new JobException("records of input format " + spec.inputFormat() + " have no bytes.");
            }
            input = erased(new FixedPairs(keyBytes, valueBytes));
        } else {
            input = erased(
                    switch (spec.inputFormat()) {
                        case "text" -> new TextLines();
                        case "json" -> new JsonLines();
                        case "pairs" -> new PairLines();
                        default ->
                            classes.find(spec.inputFormat(), InputFormat.class, "input format")
                                    .make();
                    });
        }
        inputType = pair(
                TypeArguments.of(input.getClass(), InputFormat.class)
                        .orElseThrow(() ->
                                new JobException("input format " + spec.inputFormat() + " does not say its types.")),
                0);
    }

    private static PairType pair(List<Class<?>> types, int first) {
        return new PairType(types.get(first), types.get(first + 1));
    }

    private void bindMapper() throws JobException {
        switch (spec.map().orElse(null)) {
            case null -> {
                mapper = () -> (key, value, out) -> out.emit(key, value);
                mapperTakes = inputType;
                between = inputType;
            }
            case Function.JavaClass java -> {
                Maker<Mapper<Object, Object, Object, Object>> maker =
                        erased(classes.find(java.name(), Mapper.class, "mapper"));
                mapper = maker::make;
                List<Class<?>> types = maker.typeArguments(Mapper.class);
                mapperTakes = pair(types, 0);
                between = pair(types, 2);
                if (!inputType.usableAs(mapperTakes)) {
                    throw new JobException("mapper " + java.name() + " takes " + mapperTakes + ", but input format "
                            + spec.inputFormat() + " gives " + inputType + ".");
                }
            }
            case Function.Command command -> {
                checkCommand(command);
                boolean linesOnly = inputType.key() == Long.class;
                mapper = () -> erased(new CommandMapper(command.line(), linesOnly));
                mapperTakes = inputType;
                between = TEXTS;
            }
        }
        checkCodecs(between, "what the mapper makes");
    }

    private void bindReducer() throws JobException {
        switch (spec.reduce().orElse(null)) {
            case null -> {
                reducer = () -> (key, values, out) -> {
                    while (values.hasNext()) {
                        out.emit(key, values.next());
                    }
                };
                reducerTakes = between;
                outputType = between;
            }
            case Function.JavaClass java -> {
                Maker<Reducer<Object, Object, Object, Object>> maker =
                        erased(classes.find(java.name(), Reducer.class, "reducer"));
                reducer = maker::make;
                List<Class<?>> types = maker.typeArguments(Reducer.class);
                reducerTakes = pair(types, 0);
                outputType = pair(types, 2);
                if (!between.readableAs(reducerTakes)) {
                    throw new JobException("reducer " + java.name() + " takes " + reducerTakes
                            + ", but the mapper makes " + between + ".");
                }
            }
            case Function.Command command -> {
                checkCommand(command);
                reducer = () -> erased(new CommandReducer(command.line()));
                reducerTakes = between;
                outputType = TEXTS;
            }
        }
    }

    private void bindCombiner() throws JobException {
        switch (spec.combine().orElse(null)) {
            case null -> {}
            case Function.JavaClass java -> {
                Maker<Reducer<Object, Object, Object, Object>> maker =
                        erased(classes.find(java.name(), Reducer.class, "combiner"));
                combiner = Optional.of(maker::make);
                List<Class<?>> types = maker.typeArguments(Reducer.class);
                combines = pair(types, 0);
                if (!combines.equals(pair(types, 2))) {
                    throw new JobException("combiner " + java.name() + " takes " + combines + " but makes "
                            + pair(types, 2) + ": a combiner gives what it takes.");
                }
                if (!between.readableAs(combines)) {
                    throw new JobException("combiner " + java.name() + " takes " + combines + ", but the mapper makes "
                            + between + ".");
                }
            }
            case Function.Command command -> {
                checkCommand(command);
                if (!between.readableAs(TEXTS)) {
                    throw new JobException("combine command '" + command.line() + "' makes " + TEXTS
                            + ", but the mapper makes " + between + ": a combiner gives what it takes.");
                }
                commandCombiner = Optional.of(() -> erased(new CommandReducer(command.line())));
            }
        }
    }

    private void bindPartitioner() throws JobException {
        if (spec.partition().equals("hash") || spec.partition().equals("range")) {
            return;
        }
        Maker<Partitioner<Object>> maker = erased(classes.find(spec.partition(), Partitioner.class, "partitioner"));
        Class<?> takes = maker.typeArguments(Partitioner.class).getFirst();
        if (!takes.isAssignableFrom(between.key())) {
            throw new JobException("partitioner " + spec.partition() + " takes keys of " + takes.getSimpleName()
                    + ", but the mapper makes " + between + ".");
        }
        partitioner = Optional.of(maker);
    }

    private void bindOutput() throws JobException {
        output = erased(
                switch (spec.outputFormat()) {
                    case "text" -> new TextOutput();
                    case "fixed" -> new FixedOutput();
                    case "staged" -> new StagedPairs();
                    default ->
                        classes.find(spec.outputFormat(), OutputFormat.class, "output format")
                                .make();
                });
        PairType takes = pair(
                TypeArguments.of(output.getClass(), OutputFormat.class)
                        .orElseThrow(() ->
                                new JobException("output format " + spec.outputFormat() + " does not say its types.")),
                0);
        if (!takes.key().isAssignableFrom(outputType.key()) || !takes.value().isAssignableFrom(outputType.value())) {
            throw new JobException("output format " + spec.outputFormat() + " takes " + takes
                    + ", but the reducer makes " + outputType + ".");
        }
    }

    private static void checkCommand(Function.Command command) throws JobException {
        Optional<String> missing = Commands.missing(command.line());
        if (missing.isPresent()) {
            throw new JobException(
                    "there is no command " + missing.get() + ", which '" + command.line() + "' begins with.");
        }
    }

    private void checkCodecs(PairType type, String what) throws JobException {
        for (Class<?> one : List.of(type.key(), type.value())) {
            if (Codecs.of(one).isEmpty()) {
                throw new JobException("nothing says how to write down " + one.getName() + " (" + what
                        + "): use a known type, or give the class a constant CODEC.");
            }
        }
    }

    public JobSpec spec() {
        return spec;
    }

    /** The splits of all of the input. */
    public List<Split> splits() throws JobException {
        List<Split> splits = new ArrayList<>();
        for (String one : spec.input()) {
            try {
                splits.addAll(input.splits(one, spec.splitBytes()));
            } catch (IOException e) {
                throw new JobException(e.getMessage() + ".", e);
            } catch (RuntimeException e) { // of a user's format
                throw new JobException(
                        "input format " + spec.inputFormat() + " failed on input " + one + ": " + Failures.describe(e)
                                + ".",
                        e);
            }
        }
        return splits;
    }

    InputFormat<Object, Object> input() {
        return input;
    }

    PairType inputType() {
        return inputType;
    }

    Mapper<Object, Object, Object, Object> newMapper() throws JobException {
        return mapper.get();
    }

    PairType mapperTakes() {
        return mapperTakes;
    }

    /** What the mapper makes. */
    PairType between() {
        return between;
    }

    /** By a class, so in memory. */
    public boolean combines() {
        return combiner.isPresent();
    }

    Reducer<Object, Object, Object, Object> newCombiner() throws JobException {
        return combiner.orElseThrow().get();
    }

    boolean combinesByCommand() {
        return commandCombiner.isPresent();
    }

    Reducer<Object, Object, Object, Object> newCommandCombiner() throws JobException {
        return commandCombiner.orElseThrow().get();
    }

    /** The memory of a map task. */
    public MapBuffer newBuffer() throws JobException {
        try {
            return combines() ? new CombiningTable(spec.sortBufferBytes()) : new SortBuffer(spec.sortBufferBytes());
        } catch (OutOfMemoryError e) {
            throw new JobException(
                    "a heap of " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB has no room for a sort buffer of "
                            + (spec.sortBufferBytes() >> 20)
                            + " MiB for each task at a time: make the heap larger, the buffers smaller (--sort-buffer), or run fewer tasks.",
                    e);
        }
    }

    PairType combinerTakes() {
        return combines;
    }

    Reducer<Object, Object, Object, Object> newReducer() throws JobException {
        return reducer.get();
    }

    PairType reducerTakes() {
        return reducerTakes;
    }

    OutputFormat<Object, Object> output() {
        return output;
    }

    Optional<Partitioner<Object>> newPartitioner() throws JobException {
        return partitioner.isPresent() ? Optional.of(partitioner.get().make()) : Optional.empty();
    }

    /** Ends what a mapper, reducer or input format holds on to, such as a process or a connection. */
    static void release(Object function) throws Exception {
        if (function instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    static Codec<Object> codec(Class<?> type) {
        return erased(Codecs.of(type).orElseThrow());
    }

    @Override
    public void close() {
        try {
            release(input);
            classes.close();
        } catch (Exception e) {
            throw new IllegalStateException("closing job's input format or jars failed: " + e, e);
        }
    }
}
