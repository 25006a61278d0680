package dev.quorate.server.driver;

import java.util.concurrent.TimeUnit;

/**
 * Decides when a leader's own disk has stalled for so long that another member should lead. Its followers go on committing beside it, but a leader
 * applies, and answers, only what its own disk has; and it would lead on for ever, since its heartbeats need no disk (etcd#15247).
 */
final class SlowDisk {
    /** Shorter stalls are everyday: a flush, a busy neighbour. */
    private static final long LEAST_STALL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long stallNanos;
    private long lastAttemptNanos;
    private boolean attempted;

    /** @param electionTimeoutNanos how long a follower is patient with a leader */
    SlowDisk(long electionTimeoutNanos) {
        this.stallNanos = Math.max(LEAST_STALL_NANOS, electionTimeoutNanos);
    }

    /** Whether to hand over now. After an attempt that did not succeed the next comes only after two more such times: proposals wait for an attempt. */
    boolean shouldHandOver(long busyNanos, long nowNanos) {
        if (busyNanos < stallNanos || attempted && nowNanos - lastAttemptNanos < 2 * stallNanos) {
            return false;
        }
        attempted = true;
        lastAttemptNanos = nowNanos;
        return true;
    }
}
