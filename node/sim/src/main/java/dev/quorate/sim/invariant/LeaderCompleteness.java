package dev.quorate.sim.invariant;

import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import java.util.HashSet;
import java.util.Set;

/** If an entry is committed in a given term, it is in the logs of the leaders of all later terms (figure 3). */
public final class LeaderCompleteness implements Observer {
    private final CommitHistory history;
    private final Set<Long> checkedTerms = new HashSet<>();

    public LeaderCompleteness(CommitHistory history) {
        this.history = history;
    }

    @Override
    public void turned(Member member) {
        if (!member.isLeader() || !checkedTerms.add(member.status().term())) {
            return;
        }
        // By log matching the last one stands for all before it.
        long term = member.status().term();
        long index = history.lastIndexBefore(term);
        if (index > 0 && !member.coreLog().holds(index, history.entryTerm(index))) {
            throw new Violation(
                    "leader completeness", member + " leads term " + term + " without committed entry " + index);
        }
    }
}
