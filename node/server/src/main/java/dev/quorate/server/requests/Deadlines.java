package dev.quorate.server.requests;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls tasks at their time, to a tick of 10 ms: a hashed wheel (Varghese and Lauck), as Netty's, whose thread sleeps while there is nothing to wait
 * for. Most tasks are cancelled, so both starting and cancelling one is a single queue operation; one thread does the rest.
 */
final class Deadlines {
    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
    static final int TICK_MILLIS = 10;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    /** 5 s a round. A power of two. */
    private static final int SLOTS = 512;

    private final Queue<Deadline> started = new ConcurrentLinkedQueue<>();
    private final Queue<Deadline> cancelled = new ConcurrentLinkedQueue<>();
    private final Deadline[] wheel = new Deadline[SLOTS];
    private final Thread thread;
    private final long originNanos = System.nanoTime();
    private long tick;
    private int linked;
    private volatile boolean sleeping;
    private volatile boolean stopped;

    Deadlines(String name) {
        thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    /** A task that waits. The thread links those of a slot both ways, so that any one of them can leave. */
    final class Deadline {
        private final AtomicBoolean done = new AtomicBoolean();
        private final Runnable task;
        private final long dueTick;
        private Deadline previous;
        private Deadline next;
        /** Of the wheel, or -1. */
        private int slot = -1;

        private Deadline(Runnable task, long dueTick) {
            this.task = task;
            this.dueTick = dueTick;
        }

        /** The task will not be called, if it has not been yet. */
        void cancel() {
            if (done.compareAndSet(false, true)) {
                cancelled.add(this);
            }
        }

        private void call() {
            if (done.compareAndSet(false, true)) {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.error("event=deadline_failed reason=\"{}\"", e.getMessage(), e);
                }
            }
        }
    }

    /**
     * Calls a task, which must be quick, on the thread.
     *
     * @throws IllegalStateException when stopped
     */
    Deadline after(long delayNanos, Runnable task) {
        long dueNanos = System.nanoTime() - originNanos + Math.max(0, delayNanos);
        Deadline deadline = new Deadline(task, dueNanos / TICK_NANOS + 1);
        started.add(deadline);
        if (stopped && started.remove(deadline)) {
            throw new IllegalStateException("stopped");
        }
        if (sleeping) {
            LockSupport.unpark(thread);
        }
        return deadline;
    }

    private void run() {
        while (!stopped) {
            link();
            unlinkCancelled();
            if (linked == 0) {
                sleepUntilStarted();
                tick = (System.nanoTime() - originNanos) / TICK_NANOS;
                continue;
            }
            long aheadNanos = originNanos + (tick + 1) * TICK_NANOS - System.nanoTime();
            if (aheadNanos > 0) {
                LockSupport.parkNanos(this, aheadNanos);
            } else {
                tick++;
                callDue();
            }
        }
    }

    private void sleepUntilStarted() {
        sleeping = true;
        // Looked at again: who started one before it saw us sleeping has not woken us.
        while (started.isEmpty() && cancelled.isEmpty() && !stopped) {
            LockSupport.park(this);
        }
        sleeping = false;
    }

    private void link() {
        for (Deadline deadline = started.poll(); deadline != null; deadline = started.poll()) {
            if (deadline.done.get()) {
                continue;
            }
            int slot = slot(Math.max(deadline.dueTick, tick + 1));
            deadline.next = wheel[slot];
            if (deadline.next != null) {
                deadline.next.previous = deadline;
            }
            wheel[slot] = deadline;
            deadline.slot = slot;
            linked++;
        }
    }

    private static int slot(long atTick) {
        return (int) (atTick & SLOTS - 1);
    }

    private void unlinkCancelled() {
        for (Deadline deadline = cancelled.poll(); deadline != null; deadline = cancelled.poll()) {
            unlink(deadline);
        }
    }

    private void unlink(Deadline deadline) {
        if (deadline.slot < 0) {
            return;
        }
        if (deadline.next != null) {
            deadline.next.previous = deadline.previous;
        }
        if (deadline.previous != null) {
            deadline.previous.next = deadline.next;
        } else {
            wheel[deadline.slot] = deadline.next;
        }
        deadline.slot = -1;
        linked--;
    }

    private void callDue() {
        Deadline next;
        for (Deadline deadline = wheel[slot(tick)]; deadline != null; deadline = next) {
            next = deadline.next;
            if (deadline.dueTick <= tick) {
                unlink(deadline);
                deadline.call();
            }
        }
    }

    /** No task is called any more; those that waited. */
    List<Runnable> stop() {
        stopped = true;
        LockSupport.unpark(thread);
        awaitEnd();
        List<Runnable> left = new ArrayList<>();
        for (Deadline head : wheel) {
            for (Deadline deadline = head; deadline != null; deadline = deadline.next) {
                addIfWaiting(left, deadline);
            }
        }
        for (Deadline deadline = started.poll(); deadline != null; deadline = started.poll()) {
            addIfWaiting(left, deadline);
        }
        return left;
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

    private static void addIfWaiting(List<Runnable> left, Deadline deadline) {
        if (deadline.done.compareAndSet(false, true)) {
            left.add(deadline.task);
        }
    }
}
