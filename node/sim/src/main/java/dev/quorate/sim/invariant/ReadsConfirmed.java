package dev.quorate.sim.invariant;

import dev.quorate.raft.Membership;
import dev.quorate.raft.Message;
import dev.quorate.raft.Message.AppendResponse;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Before a leader answers a read, a majority has told it, after the read was asked for, that it knows of no later term (§6.4 of the dissertation). Without
 * that an answer is stale only if another leader happens to have committed meanwhile; this notices every time.
 */
public final class ReadsConfirmed implements Observer {
    private record Read(Member member, int life, long id) {}

    private record Voice(UUID leader, long term, UUID voter) {}

    private long now;
    private final Map<Read, Long> askedAt = new HashMap<>();
    /** By identity: the network delivers the objects that it was given. */
    private final Map<AppendResponse, Long> sentAt = new IdentityHashMap<>();
    /** When the newest answer that a leader has received was sent. */
    private final Map<Voice, Long> newest = new HashMap<>();

    @Override
    public void readAsked(Member member, long readId) {
        askedAt.put(new Read(member, member.life(), readId), ++now);
    }

    @Override
    public void sent(Member member, Message message) {
        if (message instanceof AppendResponse response) {
            sentAt.put(response, ++now);
        }
    }

    @Override
    public void received(Member member, Message message) {
        if (message instanceof AppendResponse response) {
            newest.merge(
                    new Voice(member.id(), response.term(), response.from()),
                    sentAt.getOrDefault(response, 0L),
                    Math::max);
        }
    }

    @Override
    public void readConfirmed(Member member, long readId, long index) {
        Long asked = askedAt.remove(new Read(member, member.life(), readId));
        Membership membership = member.status().membership();
        if (asked != null
                && member.isLeader()
                && !(isConfirmed(member, asked, membership.voters())
                        && isConfirmed(member, asked, membership.outgoing()))) {
            throw new Violation(
                    "reads confirmed", member + " answers read " + readId + " that no majority has confirmed it for");
        }
    }

    @Override
    public void readLost(Member member, long readId) {
        askedAt.remove(new Read(member, member.life(), readId));
    }

    private boolean isConfirmed(Member leader, long asked, Set<UUID> configuration) {
        long term = leader.status().term();
        long confirming = configuration.stream()
                .filter(voter -> voter.equals(leader.id())
                        || newest.getOrDefault(new Voice(leader.id(), term, voter), 0L) > asked)
                .count();
        return configuration.isEmpty() || confirming > configuration.size() / 2;
    }
}
