package dev.quorate.raft;

import static dev.quorate.raft.InvariantViolation.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.UUID;

/**
 * The configurations that the log holds (§6). The newest one is in effect from the moment it is in the log, committed or not; when its entry is cut
 * off, the one before it is again.
 *
 * <p>Invariant: there is at least one; their indexes ascend; the oldest was in effect at the applied index.
 */
final class MembershipHistory {
    private record Change(long index, Membership membership) {}

    private final Deque<Change> changes = new ArrayDeque<>();

    /** @param membership in effect at {@code index} */
    MembershipHistory(long index, Membership membership) {
        changes.add(new Change(index, membership));
    }

    /** The configuration in effect. */
    Membership current() {
        return changes.peekLast().membership;
    }

    /** Where the log has the configuration in effect, or a later index that is committed with it. */
    long currentIndex() {
        return changes.peekLast().index;
    }

    /** The configuration that was in effect when this entry was the last; for an index at or above the applied one. */
    Membership at(long index) {
        for (Iterator<Change> newestFirst = changes.descendingIterator(); newestFirst.hasNext(); ) {
            Change change = newestFirst.next();
            if (change.index <= index) {
                return change.membership;
            }
        }
        return changes.peekFirst().membership;
    }

    /**
     * Whether the member is a voter in the configuration in effect, or in an earlier one that may come back because what followed it is not known to
     * be committed.
     */
    boolean mayBeVoter(UUID member, long commitIndex) {
        for (Iterator<Change> newestFirst = changes.descendingIterator(); newestFirst.hasNext(); ) {
            Change change = newestFirst.next();
            if (change.membership.isVoter(member)) {
                return true;
            }
            if (change.index <= commitIndex) {
                return false;
            }
        }
        return false;
    }

    /** An entry came to the end of the log. */
    void appended(Entry entry) {
        if (entry.type() == Entry.Type.MEMBERSHIP) {
            Membership next = MembershipCodec.decode(entry.data());
            Membership current = current();
            check(
                    !current.isJoint() || next.equals(current.leave()),
                    "a joint configuration is followed by another than its own new one");
            changes.addLast(new Change(entry.index(), next));
        }
    }

    /** The entries from this index on were cut off. */
    void truncatedFrom(long index) {
        while (changes.peekLast().index >= index) {
            changes.removeLast();
            check(!changes.isEmpty(), "the configuration of a committed entry would be lost", index, 0);
        }
    }

    /** A snapshot took the log's place. */
    void restored(SnapshotMeta snapshot) {
        changes.clear();
        changes.add(new Change(snapshot.index(), snapshot.membership()));
    }

    /** The state machine has applied up to here: what was in effect before is of no use any more. */
    void applied(long index) {
        while (changes.size() > 1) {
            Change oldest = changes.removeFirst();
            if (changes.peekFirst().index > index) {
                changes.addFirst(oldest);
                return;
            }
        }
    }
}
