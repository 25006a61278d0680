package dev.quorate.server.move;

import java.util.concurrent.TimeUnit;

/** Spends at most so many bytes a second, whoever spends them: each waits until what was spent before is paid for. */
final class Throttle {
    private final long bytesPerSecond;
    private long paidNanos = System.nanoTime();

    Throttle(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    void spend(long bytes) throws InterruptedException {
        long waitNanos;
        synchronized (this) {
            long nowNanos = System.nanoTime();
            if (paidNanos - nowNanos < 0) {
                paidNanos = nowNanos;
            }
            waitNanos = paidNanos - nowNanos;
            paidNanos += TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
        }
        TimeUnit.NANOSECONDS.sleep(waitNanos);
    }
}
