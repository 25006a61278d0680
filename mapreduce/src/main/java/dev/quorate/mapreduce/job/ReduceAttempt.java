package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.Codec;
import dev.quorate.mapreduce.Counter;
import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Reducer;
import dev.quorate.mapreduce.engine.Groups;
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

    /**
     * @param file of the output, not there yet
     * @param aside where keys that are left out are kept
     */
    public ReduceAttempt(Job job, AttemptContext context, Path file, Path aside) {
        this.job = job;
        this.context = context;
        this.file = file;
        this.skipped = new SkippedRecords(aside);
    }

    /**
     * @param sources the partition's segment of each map
     */
    public void run(List<MergePasses.Source> sources) throws AttemptException {
        String input = "partition " + context.id().task().index();
        try {
            Optional<PairCombiner> combiner =
                    job.combines() ? Optional.of(new TypedCombiner(job, context)) : Optional.empty();
            MergePasses passes = new MergePasses(context.directory(), MapAttempt.FAN_IN, combiner);
            Counter made = context.counter("reduce output records");
            Reducer<Object, Object, Object, Object> reducer = job.newReducer();
            try (Pairs pairs = passes.open(sources);
                    FileSink sink = new FileSink(file)) {
                Emitter<Object, Object> formatted = job.output().open(sink);
                Emitter<Object, Object> out = (key, value) -> {
                    formatted.emit(key, value);
                    made.add(1);
                };
                reducer.open(context);
                long expected =
                        sources.stream().mapToLong(MergePasses.Source::pairs).sum();
                reduceAll(new Groups(pairs), reducer, out, input, expected);
                reducer.close(out);
            } finally {
                Job.release(reducer);
            }
            context.show(1);
        } catch (AttemptException | CancellationException e) {
            throw e;
        } catch (Exception | Error e) {
            throw Failures.inTask(context, input, e);
        }
    }

    private void reduceAll(
            Groups groups,
            Reducer<Object, Object, Object, Object> reducer,
            Emitter<Object, Object> out,
            String input,
            long expected)
            throws IOException, AttemptException {
        Codec<Object> keys = Job.codec(job.reducerTakes().key());
        TypedValues values = new TypedValues(Job.codec(job.reducerTakes().value()));
        Counter keyCount = context.counter("reduce input keys");
        for (long record = 0; groups.nextKey(); record++) {
            if (context.at(record)) {
                context.show(expected == 0 ? 1 : Math.min(1, (double) groups.pairsRead() / expected));
            }
            Object key = keys.read(groups.key(), 0, groups.keyLength());
            if (context.skips(record)) {
                context.counter("skipped records").add(1);
                skipped.add(record, key, null);
                continue;
            }
            keyCount.add(1);
            try {
                reducer.reduce(key, values.over(groups), out);
            } catch (Exception | Error e) {
                throw Failures.onRecord(context, input, record, key, null, e);
            }
        }
        context.counter("reduce input records").add(groups.pairsRead());
    }
}
