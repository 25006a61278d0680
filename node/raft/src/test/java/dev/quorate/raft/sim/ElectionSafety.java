package dev.quorate.raft.sim;

import dev.quorate.raft.RaftStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** At most one leader can be elected in a given term (figure 3), be it before and after a crash of the same member. */
final class ElectionSafety implements Invariant {
    private record Leader(UUID member, int incarnation) {}

    private final Map<Long, Leader> leaders = new HashMap<>();

    @Override
    public void afterStep(SimMember member) {
        if (member.status().role() == RaftStatus.Role.LEADER) {
            Leader leader = new Leader(member.id(), member.incarnation());
            Leader first = leaders.putIfAbsent(member.status().term(), leader);
            if (first != null && !first.equals(leader)) {
                throw new Violation(
                        "election safety",
                        "term " + member.status().term() + " has leaders " + first + " and " + leader);
            }
        }
    }
}
