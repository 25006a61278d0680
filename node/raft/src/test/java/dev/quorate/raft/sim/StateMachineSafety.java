package dev.quorate.raft.sim;

import dev.quorate.raft.Entry;
import java.util.HashMap;
import java.util.Map;

/** If a member has applied an entry at an index, no other ever applies a different one there (figure 3). */
final class StateMachineSafety implements Invariant {
    private final Map<Long, Long> digests = new HashMap<>();

    @Override
    public void onApplied(SimMember member, Entry entry) {
        check(member);
    }

    @Override
    public void onInstalled(SimMember member) {
        check(member);
    }

    private void check(SimMember member) {
        StateMachine state = member.state();
        Long first = digests.putIfAbsent(state.index(), state.digest());
        if (first != null && first != state.digest()) {
            throw new Violation(
                    "state machine safety", member + " differs from another after applying entry " + state.index());
        }
    }
}
