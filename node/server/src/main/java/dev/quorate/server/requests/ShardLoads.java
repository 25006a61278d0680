package dev.quorate.server.requests;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What each shard has had to do of late: operations and bytes a second, as averages that fade by half every minute. As many shards are remembered as
 * there are. For any thread; to count costs two additions.
 */
public final class ShardLoads {
    private static final double HALF_LIFE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final Map<Integer, Fading> shards = new ConcurrentHashMap<>();

    public ShardLoads() {
        this(System::nanoTime);
    }

    ShardLoads(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * @param operationsPerSecond requests that were served
     * @param bytesPerSecond of their keys and of the values that they wrote
     */
    public record Load(double operationsPerSecond, double bytesPerSecond) {
        static final Load NONE = new Load(0, 0);
    }

    void count(int shard, long bytes) {
        Fading known = shards.get(shard);
        Fading load = known != null ? known : shards.computeIfAbsent(shard, _ -> new Fading(nanoTime.getAsLong()));
        load.operations.increment();
        load.bytes.add(bytes);
    }

    public Load of(int shard) {
        Fading load = shards.get(shard);
        return load == null ? Load.NONE : load.at(nanoTime.getAsLong());
    }

    /** Sums since the last look, and the averages that they are added to at the next one. */
    private static final class Fading {
        final LongAdder operations = new LongAdder();
        final LongAdder bytes = new LongAdder();
        private Load load = Load.NONE;
        private long lookedNanos;

        Fading(long nowNanos) {
            lookedNanos = nowNanos;
        }

        /** What came between two looks counts as if it had come evenly. */
        synchronized Load at(long nowNanos) {
            long passedNanos = nowNanos - lookedNanos;
            if (passedNanos > 0) {
                double kept = Math.pow(0.5, passedNanos / HALF_LIFE_NANOS);
                double share = (1 - kept) * NANOS_PER_SECOND / passedNanos;
                load = new Load(
                        load.operationsPerSecond * kept + operations.sumThenReset() * share,
                        load.bytesPerSecond * kept + bytes.sumThenReset() * share);
                lookedNanos = nowNanos;
            }
            return load;
        }
    }
}
