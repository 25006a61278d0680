package dev.quorate.server.driver;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** The loop's bounded queue: many put, one takes and sleeps. */
final class Inbox {
    private final ArrayBlockingQueue<Event> events;
    /** Rare events that must not be lost; a handful at a time by their nature. */
    private final Queue<Event> urgent = new ConcurrentLinkedQueue<>();

    private volatile Thread taker;
    private volatile boolean sleeping;
    private volatile boolean signalled;

    Inbox(int capacity) {
        events = new ArrayBlockingQueue<>(capacity);
    }

    /** False when full. */
    boolean offer(Event event) {
        boolean taken = events.offer(event);
        wakeTaker();
        return taken;
    }

    void putUrgent(Event event) {
        urgent.add(event);
        wakeTaker();
    }

    /** There is something to do that is no event. */
    void signal() {
        signalled = true;
        wakeTaker();
    }

    private void wakeTaker() {
        if (sleeping) {
            LockSupport.unpark(taker);
        }
    }

    /** Moves what is there to {@code out}; waits for something, at most so long. */
    void take(List<Event> out, int max, long waitNanos) {
        taker = Thread.currentThread();
        if (isQuiet() && waitNanos > 0) {
            sleeping = true;
            // Checked again: who put something before it saw us sleeping has not woken us.
            if (isQuiet()) {
                LockSupport.parkNanos(this, waitNanos);
            }
            sleeping = false;
        }
        signalled = false;
        for (Event event = urgent.poll(); event != null; event = urgent.poll()) {
            out.add(event);
        }
        events.drainTo(out, max);
    }

    private boolean isQuiet() {
        return !signalled && events.isEmpty() && urgent.isEmpty();
    }
}
