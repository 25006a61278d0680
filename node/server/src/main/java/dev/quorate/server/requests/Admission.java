package dev.quorate.server.requests;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds what is under way, in number and bytes. */
final class Admission {
    private final int maxRequests;
    private final long maxBytes;
    private volatile boolean awaited;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Admission(int maxRequests, long maxBytes) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
    }

    /** False when it would be too much: nothing was counted. Room is claimed first, so that racing requests never go beyond it. */
    boolean enter(long requestBytes) {
        boolean few = requests.incrementAndGet() <= maxRequests;
        boolean small = bytes.addAndGet(requestBytes) <= maxBytes;
        if (!few || !small) {
            leave(requestBytes);
        }
        return few && small;
    }

    void leave(long requestBytes) {
        bytes.addAndGet(-requestBytes);
        if (requests.decrementAndGet() == 0 && awaited) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** Waits until nothing is under way, at most so long. */
    synchronized void awaitEmpty(Duration timeout) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        awaited = true;
        while (requests.get() > 0) {
            long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return;
            }
            wait(leftMillis);
        }
    }
}
