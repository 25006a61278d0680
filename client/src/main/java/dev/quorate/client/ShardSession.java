package dev.quorate.client;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** One client's session of one shard: numbers the writes, and knows which are not answered yet. */
final class ShardSession {
    /** Writes under way in one shard; nodes keep the results of as many. */
    private static final int WINDOW = 1024;

    /** Which of the sequences from the lowest outstanding one are answered, each modulo the window. */
    private final BitSet answered = new BitSet(WINDOW);

    private long lastSequence;
    /** The next sequence when none is outstanding. */
    private long lowestOutstanding = 1;

    private int waiting;
    /** Null while the session is not open and nobody opens it. */
    private CompletableFuture<Long> opening;

    /** The session's incarnation. One caller opens it, the others wait for that one. */
    long incarnation(LongSupplier open, long deadlineNanos) {
        CompletableFuture<Long> current;
        boolean first;
        synchronized (this) {
            first = opening == null;
            if (first) {
                opening = new CompletableFuture<>();
            }
            current = opening;
        }
        return first ? open(open, current) : await(current, deadlineNanos);
    }

    private long open(LongSupplier open, CompletableFuture<Long> current) {
        try {
            long incarnation = open.getAsLong();
            current.complete(incarnation);
            return incarnation;
        } catch (RuntimeException e) {
            forget(current);
            current.completeExceptionally(e);
            throw e;
        }
    }

    private static long await(CompletableFuture<Long> current, long deadlineNanos) {
        try {
            return current.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failure(
                    Error.Code.NOT_READY,
                    "the session could not be opened: " + e.getCause().getMessage());
        } catch (TimeoutException e) {
            throw failure(Error.Code.DEADLINE, "the session was not opened in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(Error.Code.UNREACHABLE, "interrupted while the session was opened");
        }
    }

    private synchronized void forget(CompletableFuture<Long> current) {
        if (opening == current) {
            opening = null;
        }
    }

    /** The nodes do not know this incarnation any more: the next write opens another. */
    synchronized void expired(long incarnation) {
        if (opening != null && opening.getNow(0L) == incarnation) {
            opening = null;
        }
    }

    /** The next write's sequence, once there is room in the window. */
    synchronized long begin(long deadlineNanos) {
        while (lastSequence + 1 >= lowestOutstanding + WINDOW) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            if (leftMillis <= 0) {
                throw failure(
                        Error.Code.BUSY, WINDOW + " writes of this client to one shard are not answered: back off");
            }
            waiting++;
            try {
                wait(leftMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure(Error.Code.UNREACHABLE, "interrupted before the write was sent");
            } finally {
                waiting--;
            }
        }
        return ++lastSequence;
    }

    /** The write is answered, or nobody waits for its answer any more. */
    synchronized void end(long sequence) {
        answered.set(bit(sequence));
        while (lowestOutstanding <= lastSequence && answered.get(bit(lowestOutstanding))) {
            answered.clear(bit(lowestOutstanding++));
        }
        if (waiting > 0) {
            notifyAll();
        }
    }

    private static int bit(long sequence) {
        return (int) (sequence % WINDOW);
    }

    /** While a write is under way. */
    synchronized long lowestOutstanding() {
        return lowestOutstanding;
    }

    private static QuorateException failure(Error.Code code, String message) {
        return new QuorateException(
                Error.newBuilder()
                        .setCode(code)
                        .setEffect(Effect.NOT_APPLIED)
                        .setMessage(message)
                        .build(),
                null);
    }
}
