package dev.quorate.raft;

import dev.quorate.raft.Message.ReadIndexRequest;
import dev.quorate.raft.Message.ReadIndexResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;

/**
 * Linearizable reads of a follower or learner (§6.4 of the dissertation, end): it asks its leader for a read index, and waits until it has applied
 * that much. Reads that come together ask once. No two requests of a member have the same id, be it of another attempt, term or life of the member:
 * a late answer could otherwise pass for one to a read that came after it.
 */
final class ForwardedReads {
    private record Batch(long readId, long[] requestIds, long askedAtTick) {}

    private final Raft raft;
    private final OpenReads open = new OpenReads();
    private final Deque<Batch> asked = new ArrayDeque<>();
    private int waiting;
    private long lastReadId;
    private long ticks;
    private long lastAskedAtTick;

    ForwardedReads(Raft raft) {
        this.raft = raft;
    }

    /** False when too many reads wait. */
    boolean add(long requestId) {
        if (waiting == ReadQueue.MAX_READS) {
            return false;
        }
        open.add(requestId);
        waiting++;
        return true;
    }

    boolean hasOpen() {
        return !open.isEmpty();
    }

    /** Asks for the reads that gathered. */
    void ask(UUID leader) {
        if (hasOpen()) {
            send(leader);
            asked.addLast(new Batch(lastReadId, open.take(), ticks));
        }
    }

    private void send(UUID leader) {
        lastReadId = raft.nextReadId();
        lastAskedAtTick = ticks;
        raft.send(new ReadIndexRequest(raft.id(), leader, raft.term(), lastReadId));
    }

    /** Whether answers are awaited, which ticks watch over. */
    boolean areAsked() {
        return !asked.isEmpty();
    }

    /** Asks again, with a new id, when an answer may have been lost; gives up what waits for an election timeout. */
    void tick(UUID leader) {
        ticks++;
        while (!asked.isEmpty()
                && ticks - asked.getFirst().askedAtTick() >= raft.config().electionTicks()) {
            lose(asked.removeFirst().requestIds());
        }
        if (!asked.isEmpty() && ticks - lastAskedAtTick > raft.config().heartbeatTicks()) {
            send(leader);
        }
    }

    /** The leader was asked after all reads came whose requests have this id or a smaller one: it answers them all. */
    void answered(ReadIndexResponse response) {
        if (asked.isEmpty() || response.readId() < asked.getFirst().readId() || response.readId() > lastReadId) {
            return;
        }
        while (!asked.isEmpty() && asked.getFirst().readId() <= response.readId()) {
            long[] requestIds = asked.removeFirst().requestIds();
            if (response.granted()) {
                confirm(requestIds, response.index());
            } else {
                lose(requestIds);
            }
        }
    }

    private void confirm(long[] requestIds, long index) {
        waiting -= requestIds.length;
        for (long requestId : requestIds) {
            raft.outbox().reads.add(new Ready.ReadState(requestId, index));
        }
    }

    private void lose(long[] requestIds) {
        waiting -= requestIds.length;
        for (long requestId : requestIds) {
            raft.outbox().lostReads.add(requestId);
        }
    }

    /** The leader they were to come from is no more. */
    void loseAll() {
        asked.forEach(batch -> lose(batch.requestIds()));
        asked.clear();
        lose(open.take());
    }
}
