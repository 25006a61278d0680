package dev.quorate.raft;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What readies gave to the disk and the disk has not confirmed. A confirmation counts only for entries that are still in the log: once an
 * entry is overwritten, no write that was handed out before says anything about its index. (Comparing terms instead is not enough: an entry
 * may be overwritten and come back while the write that cuts it is still under way.)
 */
final class PendingWrites {
    /** One ready's writes; {@code lastIndex} is the last entry that is durable with it and still in the log. */
    static final class Write {
        final long number;
        final HardState hardState;
        final SnapshotMeta snapshot;
        long lastIndex;

        private Write(long number, HardState hardState, SnapshotMeta snapshot, long lastIndex) {
            this.number = number;
            this.hardState = hardState;
            this.snapshot = snapshot;
            this.lastIndex = lastIndex;
        }
    }

    private final Deque<Write> writes = new ArrayDeque<>();

    void add(long number, HardState hardState, SnapshotMeta snapshot, long lastIndex) {
        writes.addLast(new Write(number, hardState, snapshot, lastIndex));
    }

    /** The entries from this index on are being overwritten. */
    void discardFrom(long index) {
        for (Write write : writes) {
            write.lastIndex = Math.min(write.lastIndex, index - 1);
        }
    }

    /** The oldest write if it belongs to a ready up to this number, taken off; else null. */
    Write pollUpTo(long number) {
        return !writes.isEmpty() && writes.peekFirst().number <= number ? writes.pollFirst() : null;
    }
}
