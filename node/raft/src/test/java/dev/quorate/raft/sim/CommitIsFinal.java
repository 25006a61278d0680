package dev.quorate.raft.sim;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** A member's commitIndex and term never go back while it lives, and what it calls committed is what everybody calls so. */
final class CommitIsFinal implements Invariant {
    private record Seen(int incarnation, long commitIndex, long term) {}

    private final CommitHistory history;
    private final Map<UUID, Seen> last = new HashMap<>();

    CommitIsFinal(CommitHistory history) {
        this.history = history;
    }

    @Override
    public void afterReadies(SimMember member) {
        Seen now = new Seen(
                member.incarnation(),
                member.status().commitIndex(),
                member.status().term());
        Seen before = last.put(member.id(), now);
        if (before != null && before.incarnation == now.incarnation) {
            if (now.commitIndex < before.commitIndex || now.term < before.term) {
                throw new Violation("monotone commit", member + " went from " + before + " to " + now);
            }
            if (now.commitIndex == before.commitIndex) {
                return;
            }
        }
        if (now.commitIndex > 0 && !member.holds(now.commitIndex, history.entryTerm(now.commitIndex))) {
            throw new Violation("monotone commit", member + " has another entry at its commitIndex " + now.commitIndex);
        }
    }
}
