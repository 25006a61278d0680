package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.ByteSink;
import dev.quorate.mapreduce.Codec;
import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Mapper;
import dev.quorate.mapreduce.RecordReader;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.command.CommandException;
import dev.quorate.mapreduce.schedule.AttemptId;
import dev.quorate.mapreduce.schedule.TaskId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Finds the cuts of a job that is partitioned by range: maps the first records of some splits, spread over the input, and takes the keys that come of them. A
 * record on which the mapper fails is left to the map task that meets it.
 */
public final class KeySample {
    private static final int SPLITS_MAX = 20;
    private static final int KEYS_MAX = 100_000;
    private static final int RECORDS_OF_SPLIT_MAX = 20_000;

    private KeySample() {}

    public static RangeCuts cuts(Job job, List<Split> splits) throws JobException {
        List<byte[]> keys = new ArrayList<>();
        int taken = Math.min(SPLITS_MAX, splits.size());
        for (int i = 0; i < taken; i++) {
            Split split = splits.get((int) ((long) i * splits.size() / taken));
            try {
                sample(job, split, keys, KEYS_MAX * (i + 1) / taken);
            } catch (Exception e) {
                throw new JobException("sampling keys of " + split.describe() + " failed: " + Failures.describe(e), e);
            }
        }
        return RangeCuts.of(keys, job.spec().reducers());
    }

    private static void sample(Job job, Split split, List<byte[]> keys, int upTo) throws Exception {
        Codec<Object> codec = Job.codec(job.between().key());
        ByteSink sink = new ByteSink();
        UnaryOperator<Object> keyConversion =
                Types.conversion(job.inputType().key(), job.mapperTakes().key());
        UnaryOperator<Object> valueConversion =
                Types.conversion(job.inputType().value(), job.mapperTakes().value());
        Mapper<Object, Object, Object, Object> mapper = job.newMapper();
        Emitter<Object, Object> out = (key, value) -> {
            sink.truncate(0);
            codec.write(key, sink);
            if (keys.size() < upTo) {
                keys.add(Arrays.copyOf(sink.array(), sink.length()));
            }
        };
        mapper.open(new AttemptContext(new AttemptId(TaskId.map(0), 0, 0), Path.of(""), List.of()));
        try (RecordReader<Object, Object> reader = job.input().open(split)) {
            for (int i = 0; i < RECORDS_OF_SPLIT_MAX && keys.size() < upTo && reader.next(); i++) {
                try {
                    mapper.map(keyConversion.apply(reader.key()), valueConversion.apply(reader.value()), out);
                } catch (Exception e) {
                    continue;
                }
            }
            mapper.close(out);
        } catch (CommandException e) {
            // the map task that meets the record tells of it
        } finally {
            Job.release(mapper);
        }
    }
}
