package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.Counter;
import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Reducer;
import dev.quorate.mapreduce.command.CommandException;
import dev.quorate.mapreduce.command.CommandReducer;
import dev.quorate.mapreduce.engine.FileSink;
import dev.quorate.mapreduce.engine.MergePasses;
import dev.quorate.mapreduce.engine.PairCombiner;
import dev.quorate.mapreduce.engine.Pairs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** One attempt of a reduce task: merges a partition's segments of all maps, and writes the partition's file. */
public final class ReduceAttempt {
    private final Job job;
    private final AttemptContext context;
    private final Path file;
    private final SkippedRecords skipped;
    private final List<MergePasses.Source> sources;
    private final String input;
    /** How many keys were looked at. */
    private long records;

    /**
     * @param file of the output, not there yet
     * @param aside where keys that are left out are kept
     * @param sources the partition's segment of each map
     */
    public ReduceAttempt(Job job, AttemptContext context, Path file, Path aside, List<MergePasses.Source> sources) {
        this.job = job;
        this.context = context;
        this.file = file;
        this.skipped = new SkippedRecords(aside);
        this.sources = sources;
        this.input = "partition " + context.id().task().index();
    }

    public void run() throws AttemptException {
        try {
            reduce();
            context.show(1);
        } catch (AttemptException | CancellationException e) {
            throw e;
        } catch (CommandException e) {
            throw blamed(e);
        } catch (Exception | Error e) {
            throw Failures.inTask(context, input, e);
        }
    }

    private Pairs merged() throws Exception {
        Optional<PairCombiner> combiner =
                job.combines() ? Optional.of(new TypedCombiner(job, context)) : Optional.empty();
        return new MergePasses(context.directory(), MapAttempt.FAN_IN, combiner).open(sources);
    }

    private void reduce() throws Exception {
        Counter made = context.counter("reduce output records");
        Reducer<Object, Object, Object, Object> reducer = job.newReducer();
        try (Pairs pairs = merged();
                FileSink sink = new FileSink(file, true)) {
            Emitter<Object, Object> formatted = job.output().open(sink);
            Emitter<Object, Object> out = (key, value) -> {
                formatted.emit(key, value);
                made.add(1);
            };
            reducer.open(context);
            reduceAll(new TypedGroups(pairs, job.reducerTakes()), reducer, out, sink);
            reducer.close(out);
        } finally {
            Job.release(reducer);
        }
    }

    private void reduceAll(
            TypedGroups groups,
            Reducer<Object, Object, Object, Object> reducer,
            Emitter<Object, Object> out,
            FileSink sink)
            throws Exception {
        Counter keyCount = context.counter("reduce input keys");
        long expected = sources.stream().mapToLong(MergePasses.Source::pairs).sum();
        for (long record = 0; groups.nextKey(); record++) {
            records = record + 1;
            if (context.at(record)) {
                context.show(expected == 0 ? 1 : Math.min(1, (double) groups.pairsRead() / expected));
            }
            Object key = groups.key();
            if (context.skips(record)) {
                context.counter("skipped records").add(1);
                skipped.add(record, key, null);
                continue;
            }
            keyCount.add(1);
            try {
                reducer.reduce(key, groups.values(), out);
            } catch (Exception | Error e) {
                throw guilty(e, record, key, reducer, sink.failure() == null ? groups.failure() : sink.failure());
            }
        }
        context.afterRecords();
        context.counter("reduce input records").add(groups.pairsRead());
    }

    /** The key's failure, unless it is the disk's or a command's. */
    private Exception guilty(Throwable failure, long record, Object key, Object reducer, IOException ofDisk) {
        if (ofDisk != null) {
            return ofDisk;
        }
        return failure instanceof Exception exception && reducer instanceof CommandReducer
                ? exception
                : Failures.onRecord(context, input, record, key, null, failure);
    }

    private AttemptException blamed(CommandException failure) {
        try {
            long bad = BadRecordSearch.find(records, this::part);
            try (Pairs pairs = merged()) {
                TypedGroups groups = new TypedGroups(pairs, job.reducerTakes());
                for (long record = 0; groups.nextKey(); record++) {
                    if (record == bad) {
                        return Failures.onRecord(context, input, bad, groups.key(), null, failure);
                    }
                }
            }
        } catch (CancellationException e) {
            throw e;
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
        return Failures.inTask(context, input, failure);
    }

    private void part(long from, long to) throws Exception {
        Reducer<Object, Object, Object, Object> reducer = job.newReducer();
        try (Pairs pairs = merged()) {
            Emitter<Object, Object> nowhere = (key, value) -> {};
            reducer.open(context);
            TypedGroups groups = new TypedGroups(pairs, job.reducerTakes());
            for (long record = 0; record < to && groups.nextKey(); record++) {
                if (record >= from && !context.skips(record)) {
                    context.show(context.progress());
                    reducer.reduce(groups.key(), groups.values(), nowhere);
                }
            }
            reducer.close(nowhere);
        } finally {
            Job.release(reducer);
        }
    }
}
