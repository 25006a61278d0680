package dev.quorate.raft;

import dev.quorate.raft.Message.ReadIndexRequest;
import dev.quorate.raft.Message.ReadIndexResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A leader's linearizable reads (ReadIndex, §6.4 of the dissertation), its own and those that followers ask for. Reads gather in an open batch.
 * Closing the batch fixes its read index and gives it a context, greater than all before it; a quorum that answers a message sent with that context
 * confirms that this member was still the leader after the reads came. A context is never given twice: an answer to an earlier batch could
 * otherwise confirm a later one.
 */
final class ReadQueue {
    /** Reads that may wait at a time; beyond it they are refused. */
    static final int MAX_READS = 1 << 16;

    private record Batch(long context, long index, long[] requestIds, List<ReadIndexRequest> forwarded) {}

    private final Raft raft;
    private final Deque<Batch> unconfirmed = new ArrayDeque<>();
    private final OpenReads open = new OpenReads();
    private List<ReadIndexRequest> openForwarded = List.of();
    private int waiting;
    private long lastContext;

    ReadQueue(Raft raft) {
        this.raft = raft;
        // Contexts start with the term, so that no two leaders, nor two lives of one, give the same.
        this.lastContext = raft.term() << Integer.SIZE;
    }

    /** False when too many reads wait. */
    boolean add(long requestId) {
        if (waiting == MAX_READS) {
            return false;
        }
        open.add(requestId);
        waiting++;
        return true;
    }

    /** A follower asks. Its request takes the place of an earlier one that is still open: the answer to it covers that too. */
    void addForwarded(ReadIndexRequest request) {
        if (openForwarded.isEmpty()) {
            openForwarded = new ArrayList<>();
        }
        openForwarded.removeIf(earlier -> earlier.from().equals(request.from()));
        openForwarded.add(request);
    }

    boolean hasOpen() {
        return !open.isEmpty() || !openForwarded.isEmpty();
    }

    /** Closes the open batch: its reads may be served at {@code index} once the returned context is confirmed. */
    long close(long index) {
        lastContext++;
        unconfirmed.addLast(new Batch(lastContext, index, open.take(), openForwarded));
        openForwarded = List.of();
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
                raft.outbox().reads.add(new Ready.ReadState(requestId, batch.index()));
            }
            for (ReadIndexRequest request : batch.forwarded()) {
                raft.send(new ReadIndexResponse(
                        raft.id(), request.from(), raft.term(), request.readId(), true, batch.index()));
            }
        }
    }

    /** Leadership is lost: nobody can confirm these any more. Followers find out by the next leader, or by their clock. */
    void loseAll() {
        for (Batch batch : unconfirmed) {
            lose(batch.requestIds());
        }
        unconfirmed.clear();
        lose(open.take());
        openForwarded = List.of();
        waiting = 0;
    }

    private void lose(long[] requestIds) {
        for (long requestId : requestIds) {
            raft.outbox().lostReads.add(requestId);
        }
    }
}
