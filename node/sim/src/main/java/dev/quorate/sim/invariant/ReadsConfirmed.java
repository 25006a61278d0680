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

    /** Of a read that a leader took itself: one that a follower passes on is confirmed by whoever leads then. */
    private record Asked(long at, long term, Membership membership) {}

    private long now;
    private final Map<Read, Asked> asked = new HashMap<>();
    /** By identity: the network delivers the objects that it was given. */
    private final Map<AppendResponse, Long> sentAt = new IdentityHashMap<>();
    /** When the newest answer that a leader has received was sent. */
    private final Map<Voice, Long> newest = new HashMap<>();

    @Override
    public void readAsked(Member member, long readId) {
        if (member.isLeader()) {
            asked.put(
                    new Read(member, member.life(), readId),
                    new Asked(++now, member.status().term(), member.status().membership()));
        }
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
        Asked read = asked.remove(new Read(member, member.life(), readId));
        if (read == null || !member.isLeader() || member.status().term() != read.term) {
            return;
        }
        // The configuration may have changed in the meantime, and counts from then on.
        if (!isConfirmed(member, read, read.membership)
                && !isConfirmed(member, read, member.status().membership())) {
            throw new Violation(
                    "reads confirmed", member + " answers read " + readId + " that no majority has confirmed it for");
        }
    }

    @Override
    public void readLost(Member member, long readId) {
        asked.remove(new Read(member, member.life(), readId));
    }

    private boolean isConfirmed(Member leader, Asked read, Membership membership) {
        return isConfirmed(leader, read, membership.voters()) && isConfirmed(leader, read, membership.outgoing());
    }

    private boolean isConfirmed(Member leader, Asked read, Set<UUID> configuration) {
        long confirming = configuration.stream()
                .filter(voter -> voter.equals(leader.id())
                        || newest.getOrDefault(new Voice(leader.id(), read.term, voter), 0L) > read.at)
                .count();
        return configuration.isEmpty() || confirming > configuration.size() / 2;
    }
}
