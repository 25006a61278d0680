package dev.quorate.mapreduce.keyspace;

import java.util.concurrent.TimeUnit;

/** Keeps to a rate: says how long to wait after each piece. Time in which nothing was read is not made up for. */
final class Pace {
    private final double bytesPerSecond;
    private long freeAtNanos;

    Pace(double bytesPerSecond, long nowNanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.freeAtNanos = nowNanos;
    }

    long waitNanos(long bytes, long nowNanos) {
        freeAtNanos = Math.max(freeAtNanos, nowNanos) + (long) (bytes / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
        return freeAtNanos - nowNanos;
    }
}
