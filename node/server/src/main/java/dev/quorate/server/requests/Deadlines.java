package dev.quorate.server.requests;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls tasks at their time, to a tick of 10 ms: a hashed wheel (Varghese and Lauck). Nearly all tasks are cancelled, so who starts or cancels one links or
 * unlinks it itself, under its slot's lock, and the thread sleeps until the earliest that is left may be due, for ever when none is.
 */
final class Deadlines {
    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
    static final int TICK_MILLIS = 10;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    /** 5 s a round. A power of two. */
    private static final int SLOTS = 512;

    private static final long NEVER = Long.MAX_VALUE;

    private final Slot[] wheel = new Slot[SLOTS];
    private final Thread thread;
    private final long originNanos = System.nanoTime();
    /** Until when the thread sleeps; {@link #NEVER} while it still looks, so that whoever starts a task then wakes it. */
    private volatile long wakesAtTick = NEVER;

    private volatile boolean stopped;

    Deadlines(String name) {
        for (int i = 0; i < SLOTS; i++) {
            wheel[i] = new Slot();
        }
        thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    /** The tasks of every 512th tick, linked both ways, so that any one of them can leave. Its monitor guards the links. */
    private static final class Slot {
        private Deadline first;

        private synchronized void link(Deadline deadline) {
            deadline.next = first;
            if (first != null) {
                first.previous = deadline;
            }
            first = deadline;
            deadline.linked = true;
        }

        private synchronized void unlink(Deadline deadline) {
            if (!deadline.linked) {
                return;
            }
            if (deadline.next != null) {
                deadline.next.previous = deadline.previous;
            }
            if (deadline.previous != null) {
                deadline.previous.next = deadline.next;
            } else {
                first = deadline.next;
            }
            deadline.linked = false;
            deadline.next = null;
            deadline.previous = null;
        }

        /** Adds those that are due, and gives the tick of the earliest other one. */
        private synchronized long look(long nowTick, List<Deadline> due) {
            long earliest = NEVER;
            for (Deadline deadline = first; deadline != null; deadline = deadline.next) {
                if (deadline.dueTick <= nowTick) {
                    due.add(deadline);
                } else {
                    earliest = Math.min(earliest, deadline.dueTick);
                }
            }
            return earliest;
        }
    }

    /** A task that waits. */
    final class Deadline {
        private final AtomicBoolean done = new AtomicBoolean();
        private final Runnable task;
        private final long dueTick;
        private Deadline previous;
        private Deadline next;
        private boolean linked;

        private Deadline(Runnable task, long dueTick) {
            this.task = task;
            this.dueTick = dueTick;
        }

        /** The task will not be called, if it has not been yet. */
        void cancel() {
            if (done.compareAndSet(false, true)) {
                slot(dueTick).unlink(this);
            }
        }

        private void call() {
            slot(dueTick).unlink(this);
            if (done.compareAndSet(false, true)) {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.error("event=deadline_failed reason=\"{}\"", e.getMessage(), e);
                }
            }
        }
    }

    private Slot slot(long atTick) {
        return wheel[(int) (atTick & SLOTS - 1)];
    }

    /**
     * Calls a task, which must be quick, on the thread.
     *
     * @throws IllegalStateException when stopped
     */
    Deadline after(long delayNanos, Runnable task) {
        long dueNanos = System.nanoTime() - originNanos + Math.max(0, delayNanos);
        Deadline deadline = new Deadline(task, dueNanos / TICK_NANOS + 1);
        slot(deadline.dueTick).link(deadline);
        if (stopped && deadline.done.compareAndSet(false, true)) {
            throw new IllegalStateException("stopped");
        }
        if (deadline.dueTick < wakesAtTick) {
            LockSupport.unpark(thread);
        }
        return deadline;
    }

    private void run() {
        List<Deadline> due = new ArrayList<>();
        while (!stopped) {
            wakesAtTick = NEVER;
            long nowTick = (System.nanoTime() - originNanos) / TICK_NANOS;
            long earliest = NEVER;
            for (Slot slot : wheel) {
                earliest = Math.min(earliest, slot.look(nowTick, due));
            }
            due.forEach(Deadline::call);
            due.clear();
            // Who linked one behind our back until here has woken us: parking returns at once.
            wakesAtTick = earliest;
            sleepUntil(earliest);
        }
    }

    private void sleepUntil(long atTick) {
        if (stopped) {
            return;
        }
        if (atTick == NEVER) {
            LockSupport.park(this);
            return;
        }
        long aheadNanos = originNanos + atTick * TICK_NANOS - System.nanoTime();
        if (aheadNanos > 0) {
            LockSupport.parkNanos(this, aheadNanos);
        }
    }

    /** No task is called any more; those that waited. */
    List<Runnable> stop() {
        stopped = true;
        LockSupport.unpark(thread);
        awaitEnd();
        List<Deadline> left = new ArrayList<>();
        for (Slot slot : wheel) {
            slot.look(NEVER, left);
        }
        return left.stream()
                .filter(deadline -> deadline.done.compareAndSet(false, true))
                .map(deadline -> deadline.task)
                .toList();
    }

    /** Soon: tasks are quick. An interrupt waits as well. */
    private void awaitEnd() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
