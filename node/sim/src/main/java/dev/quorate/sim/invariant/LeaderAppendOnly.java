package dev.quorate.sim.invariant;

import dev.quorate.raft.Ready;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import java.util.HashMap;
import java.util.Map;

/** A leader never overwrites or deletes entries in its log; it only appends new ones (figure 3). */
public final class LeaderAppendOnly implements Observer {
    private record Reign(long term, int life, long lastIndex) {}

    private final Map<Member, Reign> reigns = new HashMap<>();

    @Override
    public void handedOut(Member member, Ready ready) {
        if (!member.isLeader() || ready.entries().isEmpty()) {
            return;
        }
        long term = member.status().term();
        long first = ready.entries().getFirst().index();
        long last = ready.entries().getLast().index();
        Reign before = reigns.put(member, new Reign(term, member.life(), last));
        boolean goesOn = before != null && before.term == term && before.life == member.life();
        if (goesOn && first != before.lastIndex + 1) {
            throw new Violation(
                    "leader append-only",
                    member + " leads term " + term + " and writes entry " + first + " after " + before.lastIndex);
        }
    }
}
