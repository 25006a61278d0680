package dev.quorate.raft;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * A leader's linearizable reads (ReadIndex, §6.4 of the dissertation). Reads gather in an open batch. Closing the batch fixes its read index
 * and gives it a context, greater than all before it; a quorum that answers a message sent with that context confirms that this member was
 * still the leader after the reads came. A context is never given twice: an answer to an earlier batch could otherwise confirm a later one.
 */
final class ReadQueue {
    /** Reads that may wait at a time; beyond it they are refused. */
    static final int MAX_READS = 1 << 16;

    private record Batch(long context, long index, long[] requestIds) {}

    private final Outbox outbox;
    private final Deque<Batch> unconfirmed = new ArrayDeque<>();
    private long[] open = new long[16];
    private int openCount;
    private int waiting;
    private long lastContext;

    /** @param term of the leader; contexts start with it, so that no two leaders, nor two lives of one, give the same */
    ReadQueue(Outbox outbox, long term) {
        this.outbox = outbox;
        this.lastContext = term << Integer.SIZE;
    }

    /** False when too many reads wait. */
    boolean add(long requestId) {
        if (waiting == MAX_READS) {
            return false;
        }
        if (openCount == open.length) {
            open = Arrays.copyOf(open, 2 * openCount);
        }
        open[openCount++] = requestId;
        waiting++;
        return true;
    }

    boolean hasOpen() {
        return openCount > 0;
    }

    /** Closes the open batch: its reads may be served at {@code index} once the returned context is confirmed. */
    long close(long index) {
        lastContext++;
        unconfirmed.addLast(new Batch(lastContext, index, Arrays.copyOf(open, openCount)));
        openCount = 0;
        return lastContext;
    }

    /** The newest context that still waits for its confirmation; 0 for none. */
    long unconfirmedContext() {
        return unconfirmed.isEmpty() ? 0 : unconfirmed.getLast().context();
    }

    /** A quorum has answered this context, or a later one: that confirms all batches up to it. */
    void confirm(long context) {
        while (!unconfirmed.isEmpty() && unconfirmed.getFirst().context() <= context) {
            Batch batch = unconfirmed.removeFirst();
            waiting -= batch.requestIds().length;
            for (long requestId : batch.requestIds()) {
                outbox.reads.add(new Ready.ReadState(requestId, batch.index()));
            }
        }
    }

    /** Leadership is lost: nobody can confirm these any more. */
    void loseAll() {
        for (Batch batch : unconfirmed) {
            lose(batch.requestIds(), batch.requestIds().length);
        }
        lose(open, openCount);
        unconfirmed.clear();
        openCount = 0;
        waiting = 0;
    }

    private void lose(long[] requestIds, int count) {
        for (int i = 0; i < count; i++) {
            outbox.lostReads.add(requestIds[i]);
        }
    }
}
