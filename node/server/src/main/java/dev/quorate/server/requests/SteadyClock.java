package dev.quorate.server.requests;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time of day for keys that expire, without the jumps of the machine's clock. It goes on with {@link System#nanoTime}, and follows the time of
 * day by at most a tenth of what passes: a jump makes no key expire at once, and none live on by as much as the clock went back. Consensus needs no
 * time of day at all. For any thread.
 */
public final class SteadyClock {
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int FOLLOWS_BY_ONE_IN = 10;

    private final LongSupplier wallNanos;
    private final LongSupplier steadyNanos;
    private volatile long offsetNanos;
    private volatile long lookedAtNanos;

    /** @param wallNanos nanoseconds since 1970 by the machine's clock, which may jump */
    public SteadyClock(LongSupplier wallNanos) {
        this(wallNanos, System::nanoTime);
    }

    SteadyClock(LongSupplier wallNanos, LongSupplier steadyNanos) {
        this.wallNanos = wallNanos;
        this.steadyNanos = steadyNanos;
        this.lookedAtNanos = steadyNanos.getAsLong();
        this.offsetNanos = wallNanos.getAsLong() - lookedAtNanos;
    }

    /** The machine's clock, in nanoseconds since 1970. */
    public static long machineNanos() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    public long nowMillis() {
        long nowNanos = steadyNanos.getAsLong();
        if (nowNanos - lookedAtNanos > LOOK_EVERY_NANOS) {
            follow(nowNanos);
        }
        return TimeUnit.NANOSECONDS.toMillis(nowNanos + offsetNanos);
    }

    private synchronized void follow(long nowNanos) {
        long passedNanos = nowNanos - lookedAtNanos;
        if (passedNanos > LOOK_EVERY_NANOS) {
            long most = passedNanos / FOLLOWS_BY_ONE_IN;
            long behind = wallNanos.getAsLong() - (nowNanos + offsetNanos);
            lookedAtNanos = nowNanos;
            offsetNanos += Math.clamp(behind, -most, most);
        }
    }
}
