package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.Counter;
import dev.quorate.mapreduce.MalformedRecordException;
import dev.quorate.mapreduce.Mapper;
import dev.quorate.mapreduce.RecordReader;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.engine.MapBuffer;
import dev.quorate.mapreduce.engine.PairCombiner;
import dev.quorate.mapreduce.engine.RunFile;
import dev.quorate.mapreduce.engine.Spills;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;

/** One attempt of a map task: reads a split, and leaves a run with a segment for each partition. */
public final class MapAttempt {
    /** How many runs are merged at a time. */
    static final int FAN_IN = 64;

    private final Job job;
    private final Optional<RangeCuts> cuts;
    private final Split split;
    private final AttemptContext context;
    private final SkippedRecords skipped;

    /**
     * @param aside where records that are left out are kept
     */
    public MapAttempt(Job job, Optional<RangeCuts> cuts, Split split, AttemptContext context, Path aside) {
        this.job = job;
        this.cuts = cuts;
        this.split = split;
        this.context = context;
        this.skipped = new SkippedRecords(aside);
    }

    /**
     * @param buffer not in use by another attempt
     */
    public RunFile run(MapBuffer buffer) throws AttemptException {
        try (RecordReader<Object, Object> reader = job.input().open(split)) {
            Optional<PairCombiner> combiner =
                    job.combines() ? Optional.of(new TypedCombiner(job, context)) : Optional.empty();
            buffer.begin(new Spills(context.directory(), job.spec().reducers(), combiner, FAN_IN));
            PairEmitter out = new PairEmitter(job, cuts, buffer, context.counter("map output records"));
            Mapper<Object, Object, Object, Object> mapper = job.newMapper();
            try {
                mapper.open(context);
                mapAll(reader, mapper, out);
                mapper.close(out);
            } finally {
                Job.release(mapper);
            }
            RunFile run = buffer.finish();
            context.counter("map output bytes").add(run.bytes());
            context.show(1);
            return run;
        } catch (AttemptException | CancellationException e) {
            throw e;
        } catch (Exception | Error e) {
            throw Failures.inTask(context, split.describe(), e);
        }
    }

    private void mapAll(
            RecordReader<Object, Object> reader, Mapper<Object, Object, Object, Object> mapper, PairEmitter out)
            throws IOException, AttemptException {
        UnaryOperator<Object> keys =
                Types.conversion(job.inputType().key(), job.mapperTakes().key());
        UnaryOperator<Object> values =
                Types.conversion(job.inputType().value(), job.mapperTakes().value());
        Counter records = context.counter("map input records");
        for (long record = 0; reader.next(); record++) {
            if (context.at(record)) {
                context.show(reader.progress());
            }
            if (context.skips(record)) {
                skip(record, reader);
                continue;
            }
            records.add(1);
            Object key = null;
            Object value = null;
            try {
                key = keys.apply(reader.key());
                value = values.apply(reader.value());
                mapper.map(key, value, out);
            } catch (Exception | Error e) {
                if (out.failure() != null) {
                    throw out.failure();
                }
                throw Failures.onRecord(context, split.describe(), record, key, value, e);
            }
        }
    }

    private void skip(long record, RecordReader<Object, Object> reader) throws IOException {
        context.counter("skipped records").add(1);
        Object value;
        try {
            value = reader.value();
        } catch (MalformedRecordException e) {
            value = e.record();
        }
        skipped.add(record, reader.key(), value);
    }
}
