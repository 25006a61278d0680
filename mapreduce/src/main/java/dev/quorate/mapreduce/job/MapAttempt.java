package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.Counter;
import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.MalformedRecordException;
import dev.quorate.mapreduce.Mapper;
import dev.quorate.mapreduce.RecordReader;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.command.CommandException;
import dev.quorate.mapreduce.command.CommandMapper;
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
    private final UnaryOperator<Object> keys;
    private final UnaryOperator<Object> values;
    /** How many were looked at. */
    private long records;

    /**
     * @param aside where records that are left out are kept
     */
    public MapAttempt(Job job, Optional<RangeCuts> cuts, Split split, AttemptContext context, Path aside) {
        this.job = job;
        this.cuts = cuts;
        this.split = split;
        this.context = context;
        this.skipped = new SkippedRecords(aside);
        this.keys = Types.conversion(job.inputType().key(), job.mapperTakes().key());
        this.values =
                Types.conversion(job.inputType().value(), job.mapperTakes().value());
    }

    /**
     * @param buffer not in use by another attempt
     */
    public RunFile run(MapBuffer buffer) throws AttemptException {
        try {
            RunFile run = map(buffer);
            if (job.combinesByCommand()) {
                run = new CommandCombiner(job, cuts, context).combine(run, buffer);
            }
            context.counter("map output bytes").add(run.bytes());
            context.show(1);
            return run;
        } catch (AttemptException | CancellationException e) {
            throw e;
        } catch (CommandException e) {
            throw blamed(e);
        } catch (Exception | Error e) {
            throw Failures.inTask(context, split.describe(), e);
        }
    }

    private RunFile map(MapBuffer buffer) throws Exception {
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
            return buffer.finish();
        }
    }

    private void mapAll(
            RecordReader<Object, Object> reader, Mapper<Object, Object, Object, Object> mapper, PairEmitter out)
            throws Exception {
        Counter mapped = context.counter("map input records");
        for (long record = 0; reader.next(); record++) {
            records = record + 1;
            if (context.at(record)) {
                context.show(reader.progress());
            }
            if (context.skips(record)) {
                skip(record, reader);
                continue;
            }
            mapped.add(1);
            Object key = null;
            Object value = null;
            try {
                key = keys.apply(reader.key());
                value = values.apply(reader.value());
                mapper.map(key, value, out);
            } catch (Exception | Error e) {
                throw guilty(e, record, key, value, mapper, out.failure());
            }
        }
        context.afterRecords();
    }

    /** The record's failure, unless it is the disk's or a command's. */
    private Exception guilty(
            Throwable failure, long record, Object key, Object value, Object mapper, IOException ofDisk) {
        if (ofDisk != null) {
            return ofDisk;
        }
        boolean ofCommand = mapper instanceof CommandMapper && !(failure instanceof MalformedRecordException);
        return failure instanceof Exception exception && ofCommand
                ? exception
                : Failures.onRecord(context, split.describe(), record, key, value, failure);
    }

    private void skip(long record, RecordReader<Object, Object> reader) throws IOException {
        context.counter("skipped records").add(1);
        skipped.add(record, reader.key(), shown(reader));
    }

    private static Object shown(RecordReader<Object, Object> reader) {
        try {
            return reader.value();
        } catch (MalformedRecordException e) {
            return e.record();
        }
    }

    private AttemptException blamed(CommandException failure) {
        try {
            long bad = BadRecordSearch.find(records, this::part);
            try (RecordReader<Object, Object> reader = job.input().open(split)) {
                for (long record = 0; reader.next(); record++) {
                    if (record == bad) {
                        return Failures.onRecord(context, split.describe(), bad, reader.key(), shown(reader), failure);
                    }
                }
            }
        } catch (CancellationException e) {
            throw e;
        } catch (Exception e) {
            failure.addSuppressed(e);
        }
        return Failures.inTask(context, split.describe(), failure);
    }

    private void part(long from, long to) throws Exception {
        Mapper<Object, Object, Object, Object> mapper = job.newMapper();
        try (RecordReader<Object, Object> reader = job.input().open(split)) {
            Emitter<Object, Object> nowhere = (key, value) -> {};
            mapper.open(context);
            for (long record = 0; record < to && reader.next(); record++) {
                if (record >= from && !context.skips(record)) {
                    context.show(reader.progress());
                    mapper.map(keys.apply(reader.key()), values.apply(reader.value()), nowhere);
                }
            }
            mapper.close(nowhere);
        } finally {
            Job.release(mapper);
        }
    }
}
