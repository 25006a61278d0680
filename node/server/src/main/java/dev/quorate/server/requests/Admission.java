package dev.quorate.server.requests;

import java.time.Duration;

/** Bounds what is under way, in number and bytes. */
final class Admission {
    private final int maxRequests;
    private final long maxBytes;
    private int requests;
    private long bytes;

    Admission(int maxRequests, long maxBytes) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
    }

    /** False when it would be too much: nothing was counted. */
    synchronized boolean enter(long requestBytes) {
        if (requests >= maxRequests || bytes + requestBytes > maxBytes) {
            return false;
        }
        requests++;
        bytes += requestBytes;
        return true;
    }

    synchronized void leave(long requestBytes) {
        requests--;
        bytes -= requestBytes;
        if (requests == 0) {
            notifyAll();
        }
    }

    /** Waits until nothing is under way, at most so long. */
    synchronized void awaitEmpty(Duration timeout) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        while (requests > 0) {
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return;
            }
            wait(leftMillis);
        }
    }
}
