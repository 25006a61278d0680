package dev.quorate.raft.sim;

import dev.quorate.raft.RaftStatus;
import java.util.HashSet;
import java.util.Set;

/** If an entry is committed in a given term, it is in the logs of the leaders of all later terms (figure 3). */
final class LeaderCompleteness implements Invariant {
    private final CommitHistory history;
    private final Set<Long> checkedTerms = new HashSet<>();

    LeaderCompleteness(CommitHistory history) {
        this.history = history;
    }

    @Override
    public void afterReadies(SimMember member) {
        long term = member.status().term();
        if (member.status().role() != RaftStatus.Role.LEADER || !checkedTerms.add(term)) {
            return;
        }
        // By log matching the last one stands for all before it.
        long index = history.lastIndexBefore(term);
        if (index > 0 && !member.holds(index, history.entryTerm(index))) {
            throw new Violation(
                    "leader completeness", member + " leads term " + term + " without committed entry " + index);
        }
    }
}
