package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.ByteSink;
import dev.quorate.mapreduce.Codec;
import dev.quorate.mapreduce.Counter;
import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Partitioner;
import dev.quorate.mapreduce.engine.Keys;
import dev.quorate.mapreduce.engine.MapBuffer;
import java.io.IOException;
import java.util.Optional;

/** Where a mapper's pairs go: written down, given a partition, put into the buffer. */
final class PairEmitter implements Emitter<Object, Object> {
    private final Codec<Object> keyCodec;
    private final Codec<Object> valueCodec;
    private final Partitioner<Object> partitioner;
    private final RangeCuts cuts;
    private final int partitions;
    private final MapBuffer buffer;
    private final Counter emitted;
    private final ByteSink pair = new ByteSink();
    private IOException failure;

    /**
     * @param cuts empty for a job that is not partitioned by range
     */
    PairEmitter(Job job, Optional<RangeCuts> cuts, MapBuffer buffer, Counter emitted) throws JobException {
        keyCodec = Job.codec(job.between().key());
        valueCodec = Job.codec(job.between().value());
        partitioner = job.newPartitioner().orElse(null);
        this.cuts = cuts.orElse(null);
        partitions = job.spec().reducers();
        this.buffer = buffer;
        this.emitted = emitted;
    }

    @Override
    public void emit(Object key, Object value) throws IOException {
        if (key == null || value == null) {
            throw new IllegalArgumentException("a mapper must not emit null, as " + (key == null ? "key" : "value"));
        }
        pair.truncate(0);
        keyCodec.write(key, pair);
        int keyLength = pair.length();
        valueCodec.write(value, pair);
        long hash = Keys.hash(pair.array(), 0, keyLength);
        int partition = partition(key, keyLength, hash);
        try {
            buffer.add(partition, hash, pair.array(), keyLength, pair.length());
        } catch (IOException e) {
            failure = e;
            throw e;
        }
        emitted.add(1);
    }

    private int partition(Object key, int keyLength, long hash) {
        if (cuts != null) {
            return cuts.partition(pair.array(), keyLength);
        }
        if (partitioner == null) {
            return Keys.partition(hash, partitions);
        }
        int chosen = partitioner.partition(key, partitions);
        if (chosen < 0 || chosen >= partitions) {
            throw new IllegalStateException("partitioner "
                    + partitioner.getClass().getName() + " chose " + chosen + " of " + partitions + " partitions");
        }
        return chosen;
    }

    /** What the buffer failed with, which is no fault of the record being mapped; null when it did not. */
    IOException failure() {
        return failure;
    }
}
