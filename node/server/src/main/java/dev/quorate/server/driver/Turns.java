package dev.quorate.server.driver;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs turns on an event loop: soon after it was woken, once for any number of wakes, and at a set time. */
final class Turns {
    private final EventLoop loop;
    private final Runnable turn;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final ThreadLocal<Wakes> gathering = new ThreadLocal<>();
    private volatile boolean ended;

    // The event loop's thread alone touches what follows.
    private ScheduledFuture<?> alarm;
    private long alarmNanos;

    private static final class Wakes {
        boolean any;
    }

    Turns(EventLoop loop, Runnable turn) {
        this.loop = loop;
        this.turn = turn;
    }

    /** From any thread. What the caller did before is seen by the turn. */
    void wake() {
        Wakes own = gathering.get();
        if (own != null) {
            own.any = true;
        } else {
            wakeNow();
        }
    }

    /** The wakes of the calling thread meanwhile become one, at the end: else the first of many offers would get a turn for itself. */
    void together(Runnable offers) {
        Wakes own = new Wakes();
        gathering.set(own);
        try {
            offers.run();
        } finally {
            gathering.remove();
            if (own.any) {
                wakeNow();
            }
        }
    }

    private void wakeNow() {
        if (!woken.get() && woken.compareAndSet(false, true)) {
            try {
                loop.execute(this::run);
            } catch (RejectedExecutionException e) {
                ended = true; // the node has closed
            }
        }
    }

    private void run() {
        woken.set(false);
        if (!ended) {
            turn.run();
        }
    }

    /** There will be a turn at this time of {@link System#nanoTime}, or one earlier, which sets it anew. Within a turn. */
    void nextAt(long timeNanos) {
        if (alarm != null && alarmNanos - timeNanos <= 0) {
            return; // most deadlines move on before they come: one early turn is cheaper than an alarm set with each
        }
        if (alarm != null) {
            alarm.cancel(false);
        }
        alarmNanos = timeNanos;
        alarm = loop.schedule(this::ring, Math.max(0, timeNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void ring() {
        alarm = null;
        if (!ended) {
            turn.run();
        }
    }

    /** Returns when no turn runs and none will. Not from a turn. */
    void end() throws InterruptedException {
        ended = true;
        try {
            loop.submit(() -> {
                        if (alarm != null) {
                            alarm.cancel(false);
                        }
                    })
                    .await();
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it the turns.
        }
    }
}
