package dev.quorate.sim.invariant;

import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import java.util.HashMap;
import java.util.Map;

/** A leader counts replicas only for entries of its own term; those before are committed with them (§5.4.2, figure 8). */
public final class CommitsOwnTerm implements Observer {
    private record Reign(long term, int life, long commitIndex) {}

    private final Map<Member, Reign> reigns = new HashMap<>();

    @Override
    public void stepped(Member member) {
        if (!member.isLeader()) {
            return;
        }
        long term = member.status().term();
        long commitIndex = member.status().commitIndex();
        Reign before = reigns.get(member);
        boolean sameReign = before != null && before.term == term && before.life == member.life();
        if (sameReign && before.commitIndex == commitIndex) {
            return;
        }
        reigns.put(member, new Reign(term, member.life(), commitIndex));
        if (sameReign && member.coreLog().term(commitIndex) != term) {
            throw new Violation(
                    "commits own term",
                    member + " leads term " + term + " and commits entry " + commitIndex + " of term "
                            + member.coreLog().term(commitIndex));
        }
    }
}
