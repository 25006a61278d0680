package dev.quorate.raft;

import dev.quorate.raft.Message.AppendResponse;
import dev.quorate.raft.Ready.ReadState;
import java.util.ArrayList;
import java.util.List;

/** What the next ready carries beside the log: messages and the outcomes of reads. */
final class Outbox {
    /** Collects items until they are taken, all at once; costs nothing while empty. */
    static final class Batch<T> {
        private List<T> items = List.of();

        void add(T item) {
            if (items.isEmpty()) {
                items = new ArrayList<>();
            }
            items.add(item);
        }

        List<T> take() {
            List<T> taken = items;
            items = List.of();
            return taken;
        }
    }

    final Batch<Message> messages = new Batch<>();
    final Batch<Message> messagesAfterPersist = new Batch<>();
    final Batch<ReadState> reads = new Batch<>();
    final Batch<Long> lostReads = new Batch<>();

    /** For messages that promise nothing that a crash could take back. */
    void send(Message message) {
        messages.add(message);
    }

    /**
     * For messages that promise what is still to be written. An acknowledgement replaces the one before it when it says the same and more, so
     * that a burst of appends is answered once per write.
     */
    void sendAfterPersist(Message message) {
        List<Message> waiting = messagesAfterPersist.items;
        if (message instanceof AppendResponse next
                && !waiting.isEmpty()
                && waiting.getLast() instanceof AppendResponse last
                && covers(next, last)) {
            waiting.removeLast();
        }
        messagesAfterPersist.add(message);
    }

    private static boolean covers(AppendResponse next, AppendResponse last) {
        return last.success()
                && next.success()
                && last.term() == next.term()
                && last.index() <= next.index()
                && last.readContext() <= next.readContext()
                && last.to().equals(next.to());
    }

    boolean isEmpty() {
        return messages.items.isEmpty()
                && messagesAfterPersist.items.isEmpty()
                && reads.items.isEmpty()
                && lostReads.items.isEmpty();
    }
}
