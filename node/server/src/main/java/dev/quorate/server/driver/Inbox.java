package dev.quorate.server.driver;

import dev.quorate.raft.Entry;
import dev.quorate.raft.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The loop's queues: many put, one takes. What peers say has lanes of its own, and a turn takes all of it but only so many requests of clients:
 * overload neither drops a heartbeat nor makes it wait for more than one turn's requests.
 */
final class Inbox {
    private static final int REQUESTS = 16_384;
    private static final long PROPOSED_BYTES = 32 << 20;
    private static final int REQUESTS_PER_TURN = 1_024;
    private static final long PROPOSED_BYTES_PER_TURN = 4 << 20;

    /** Far above what leaders have in flight to this member, and what followers answer: reached only by a loop that stands still. */
    private static final int MESSAGES = 65_536;

    private static final long MESSAGE_BYTES = 64 << 20;

    private final BoundedLane<Message> messages = new BoundedLane<>(MESSAGES, MESSAGE_BYTES, Inbox::entryBytes);
    private final BoundedLane<Proposal> proposals =
            new BoundedLane<>(REQUESTS, PROPOSED_BYTES, proposal -> proposal.command().length);
    private final BoundedLane<ReadTask> reads = new BoundedLane<>(REQUESTS, Long.MAX_VALUE, _ -> 0);
    private final BoundedLane<ReadAnywhere> readsAnywhere = new BoundedLane<>(REQUESTS, Long.MAX_VALUE, _ -> 0);
    /** A handful at a time by their nature. */
    private final Queue<Order> orders = new ConcurrentLinkedQueue<>();

    private final Runnable wake;

    /** @param wake called after something was put */
    Inbox(Runnable wake) {
        this.wake = wake;
    }

    /** A message without entries counts no bytes: a heartbeat is not dropped because entries wait. */
    private static long entryBytes(Message message) {
        long bytes = 0;
        if (message instanceof Message.AppendEntries append) {
            for (Entry entry : append.entries()) {
                bytes += entry.sizeBytes();
            }
        }
        return bytes;
    }

    /** False when far too many wait: the message is dropped, as a network may. */
    boolean offer(Message message) {
        return woken(messages.offer(message));
    }

    /** False when full. */
    boolean offer(Proposal proposal) {
        return woken(proposals.offer(proposal));
    }

    /** False when full. */
    boolean offer(ReadTask read) {
        return woken(reads.offer(read));
    }

    /** False when full. */
    boolean offer(ReadAnywhere read) {
        return woken(readsAnywhere.offer(read));
    }

    void order(Order order) {
        orders.add(order);
        wake.run();
    }

    private boolean woken(boolean taken) {
        wake.run();
        return taken;
    }

    /** What one turn of the loop deals with. */
    record Turn(
            List<Order> orders,
            List<Message> messages,
            List<Proposal> proposals,
            List<ReadTask> reads,
            List<ReadAnywhere> readsAnywhere) {
        static Turn empty() {
            return new Turn(
                    new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        boolean hasRequests() {
            return !proposals.isEmpty() || !reads.isEmpty() || !readsAnywhere.isEmpty();
        }

        void clear() {
            orders.clear();
            messages.clear();
            proposals.clear();
            reads.clear();
            readsAnywhere.clear();
        }
    }

    /** Fills a turn with what is there. */
    void take(Turn turn) {
        for (Order order = orders.poll(); order != null; order = orders.poll()) {
            turn.orders().add(order);
        }
        messages.drainTo(turn.messages(), MESSAGES, MESSAGE_BYTES);
        proposals.drainTo(turn.proposals(), REQUESTS_PER_TURN, PROPOSED_BYTES_PER_TURN);
        reads.drainTo(turn.reads(), REQUESTS_PER_TURN, Long.MAX_VALUE);
        readsAnywhere.drainTo(turn.readsAnywhere(), REQUESTS_PER_TURN, Long.MAX_VALUE);
    }

    boolean isEmpty() {
        return orders.isEmpty()
                && messages.isEmpty()
                && proposals.isEmpty()
                && reads.isEmpty()
                && readsAnywhere.isEmpty();
    }
}
