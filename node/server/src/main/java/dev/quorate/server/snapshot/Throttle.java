package dev.quorate.server.snapshot;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bounds the bytes a second of all that share it. Who comes late catches up, by little: after a pause the rate is the same as before. For any thread.
 */
public final class Throttle {
    private static final long CATCH_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    private long freeAtNanos;

    public Throttle(long bytesPerSecond) {
        this(bytesPerSecond, System::nanoTime);
    }

    Throttle(long bytesPerSecond, LongSupplier nanoTime) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
        this.freeAtNanos = nanoTime.getAsLong();
    }

    public long bytesPerSecond() {
        return bytesPerSecond;
    }

    /** Waits until so many bytes may go. */
    public void take(int bytes) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(claim(bytes));
    }

    /** Nanoseconds to wait before so many bytes may go. */
    synchronized long claim(int bytes) {
        long nowNanos = nanoTime.getAsLong();
        long startNanos = Math.max(freeAtNanos - nowNanos, -CATCH_UP_NANOS) + nowNanos;
        freeAtNanos = startNanos + TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
        return Math.max(0, startNanos - nowNanos);
    }
}
