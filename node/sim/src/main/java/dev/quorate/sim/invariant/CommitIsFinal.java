package dev.quorate.sim.invariant;

import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import java.util.HashMap;
import java.util.Map;

/** A member's commitIndex and term never go back while it lives, and what it calls committed is what everybody calls so. */
public final class CommitIsFinal implements Observer {
    private record Seen(int life, long commitIndex, long term) {}

    private final CommitHistory history;
    private final Map<Member, Seen> last = new HashMap<>();

    public CommitIsFinal(CommitHistory history) {
        this.history = history;
    }

    @Override
    public void turned(Member member) {
        long commitIndex = member.status().commitIndex();
        Seen now = new Seen(member.life(), commitIndex, member.status().term());
        Seen before = last.put(member, now);
        if (before != null && before.life == now.life) {
            if (commitIndex < before.commitIndex || now.term < before.term) {
                throw new Violation("commit is final", member + " went from " + before + " to " + now);
            }
            if (commitIndex == before.commitIndex) {
                return;
            }
        }
        if (commitIndex > 0 && !member.coreLog().holds(commitIndex, history.entryTerm(commitIndex))) {
            throw new Violation("commit is final", member + " has another entry at its commitIndex " + commitIndex);
        }
    }
}
