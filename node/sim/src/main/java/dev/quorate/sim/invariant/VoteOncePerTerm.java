package dev.quorate.sim.invariant;

import dev.quorate.raft.Message;
import dev.quorate.raft.Message.VoteResponse;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** A member votes for one candidate a term (§5.2), and its vote is on its disk before anybody hears of it (figure 2, persistent state). */
public final class VoteOncePerTerm implements Observer {
    private record Vote(UUID voter, long term) {}

    private final Map<Vote, UUID> votes = new HashMap<>();

    @Override
    public void sent(Member member, Message message) {
        if (!(message instanceof VoteResponse response) || !response.granted() || response.preVote()) {
            return;
        }
        UUID candidate = response.to();
        UUID first = votes.putIfAbsent(new Vote(member.id(), response.term()), candidate);
        if (first != null && !first.equals(candidate)) {
            throw new Violation(
                    "one vote a term",
                    member + " votes in term " + response.term() + " for " + candidate + " after " + first);
        }
        var durable = member.durableState();
        if (durable.term() < response.term()
                || durable.term() == response.term() && !candidate.equals(durable.votedFor())) {
            throw new Violation("durable vote", member + " sends " + response + " with " + durable + " on its disk");
        }
    }
}
