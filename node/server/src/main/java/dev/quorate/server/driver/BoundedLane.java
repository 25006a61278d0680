package dev.quorate.server.driver;

import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/** A queue that is bounded in number and bytes. Any thread offers and never waits; one thread takes. */
final class BoundedLane<T> {
    private final Queue<T> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final int maxCount;
    private final long maxBytes;
    private final ToLongFunction<T> sizeBytes;

    BoundedLane(int maxCount, long maxBytes, ToLongFunction<T> sizeBytes) {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
        this.sizeBytes = sizeBytes;
    }

    /** False when full: nothing was queued. Room is claimed first, so offers that race never overfill the lane. */
    boolean offer(T item) {
        long itemBytes = sizeBytes.applyAsLong(item);
        if (count.incrementAndGet() > maxCount) {
            count.decrementAndGet();
            return false;
        }
        if (bytes.addAndGet(itemBytes) > maxBytes) {
            bytes.addAndGet(-itemBytes);
            count.decrementAndGet();
            return false;
        }
        queue.add(item);
        return true;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Moves the oldest to the target, until so many, or so many bytes, were moved; at least one if there is any. */
    void drainTo(Collection<T> target, int most, long mostBytes) {
        long movedBytes = 0;
        for (int moved = 0; moved < most && movedBytes < mostBytes; moved++) {
            T item = queue.poll();
            if (item == null) {
                return;
            }
            long itemBytes = sizeBytes.applyAsLong(item);
            bytes.addAndGet(-itemBytes);
            count.decrementAndGet();
            movedBytes += itemBytes;
            target.add(item);
        }
    }
}
