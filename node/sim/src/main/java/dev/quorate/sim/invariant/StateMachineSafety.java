package dev.quorate.sim.invariant;

import dev.quorate.raft.Entry;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.ApplyResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** If a member has applied an entry at an index, no other ever applies a different one there (figure 3); each applies all of them, in order. */
public final class StateMachineSafety implements Observer {
    /** By index, from 1. */
    private final List<Entry> applied = new ArrayList<>();

    private final Map<Member, Long> lastIndex = new HashMap<>();

    @Override
    public void started(Member member, List<Entry> recovered) {
        lastIndex.put(member, member.applied().index());
    }

    @Override
    public void installed(Member member) {
        lastIndex.put(member, member.applied().index());
    }

    @Override
    public void applied(Member member, Entry entry, ApplyResult result) {
        long before = lastIndex.put(member, entry.index());
        if (entry.index() != before + 1) {
            throw new Violation("state machine safety", member + " applies " + entry + " after " + before);
        }
        if (entry.index() > applied.size() + 1) {
            throw new Violation("state machine safety", member + " applies " + entry + ", and nobody the one before");
        }
        if (entry.index() == applied.size() + 1) {
            applied.add(entry);
        } else if (!applied.get((int) entry.index() - 1).equals(entry)) {
            throw new Violation(
                    "state machine safety",
                    member + " applies " + entry + " where another applied " + applied.get((int) entry.index() - 1));
        }
    }
}
