package dev.quorate.sim.invariant;

import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import java.util.HashMap;
import java.util.Map;

/** At most one leader can be elected in a given term (figure 3), be it before and after a crash of the same member. */
public final class ElectionSafety implements Observer {
    private record Leader(Member member, int life) {}

    private final Map<Long, Leader> leaders = new HashMap<>();

    @Override
    public void stepped(Member member) {
        if (!member.isLeader()) {
            return;
        }
        long term = member.status().term();
        Leader first = leaders.get(term);
        if (first == null) {
            leaders.put(term, new Leader(member, member.life()));
        } else if (first.member != member || first.life != member.life()) {
            throw new Violation("election safety", "term " + term + " has leaders " + first + " and " + member);
        }
    }
}
