package dev.quorate.sim.invariant;

import dev.quorate.raft.Message;
import dev.quorate.raft.Message.AppendResponse;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import java.util.HashMap;
import java.util.Map;

/**
 * What a follower acknowledged stays in its log while the leader's term lasts, for the leader counts on it: neither a late append (§5.3) nor a late
 * snapshot (figure 13, rule 6) takes it back.
 */
public final class AcknowledgedStays implements Observer {
    private record Promise(long term, long index) {}

    private final Map<Member, Promise> promises = new HashMap<>();

    @Override
    public void sent(Member member, Message message) {
        if (message instanceof AppendResponse response
                && response.success()
                && response.term() == member.status().term()) {
            Promise before = promises.get(member);
            boolean known = before != null && before.term == response.term() && before.index >= response.index();
            if (!known) {
                promises.put(member, new Promise(response.term(), response.index()));
            }
        }
    }

    @Override
    public void turned(Member member) {
        Promise promise = promises.get(member);
        long lastIndex = member.coreLog().lastIndex();
        if (promise != null && promise.term == member.status().term() && lastIndex < promise.index) {
            throw new Violation(
                    "acknowledged stays",
                    member + " acknowledged entry " + promise.index + " in term " + promise.term
                            + ", and its log ends at " + lastIndex);
        }
    }
}
