package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Reducer;
import dev.quorate.mapreduce.Text;
import dev.quorate.mapreduce.command.CommandException;
import dev.quorate.mapreduce.engine.MapBuffer;
import dev.quorate.mapreduce.engine.Pairs;
import dev.quorate.mapreduce.engine.RunFile;
import dev.quorate.mapreduce.engine.Spills;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A combiner that is a command: one process for each attempt of a map. It reads all that the map has made, in the order of the keys of one partition after the other, and
 * what it writes is given to partitions and sorted anew, so it may write in any order.
 */
final class CommandCombiner {
    private final Job job;
    private final Optional<RangeCuts> cuts;
    private final AttemptContext context;

    CommandCombiner(Job job, Optional<RangeCuts> cuts, AttemptContext context) {
        this.job = job;
        this.cuts = cuts;
        this.context = context;
    }

    /**
     * @param made by the map; deleted
     * @param buffer free by now
     */
    RunFile combine(RunFile made, MapBuffer buffer) throws Exception {
        Path directory = Files.createDirectories(context.directory().resolve("combined"));
        buffer.begin(new Spills(directory, job.spec().reducers(), Optional.empty(), MapAttempt.FAN_IN));
        UnaryOperator<Object> keys = Types.conversion(Text.class, job.between().key());
        UnaryOperator<Object> values =
                Types.conversion(Text.class, job.between().value());
        PairEmitter sorted = new PairEmitter(job, cuts, buffer, context.counter("combine output records"));
        Emitter<Object, Object> out = (key, value) -> sorted.emit(keys.apply(key), values.apply(value));
        Reducer<Object, Object, Object, Object> command = job.newCommandCombiner();
        try {
            command.open(context);
            for (int partition = 0; partition < job.spec().reducers(); partition++) {
                feed(made, partition, command, out);
            }
            command.close(out);
        } catch (CommandException e) {
            throw new IOException("the combiner failed: " + e.getMessage(), e);
        } finally {
            Job.release(command);
        }
        RunFile combined = buffer.finish();
        made.delete();
        return combined;
    }

    private void feed(
            RunFile made, int partition, Reducer<Object, Object, Object, Object> command, Emitter<Object, Object> out)
            throws Exception {
        try (Pairs pairs = made.open(partition)) {
            TypedGroups groups = new TypedGroups(pairs, job.between());
            while (groups.nextKey()) {
                context.show(1);
                command.reduce(groups.key(), groups.values(), out);
            }
        }
    }
}
