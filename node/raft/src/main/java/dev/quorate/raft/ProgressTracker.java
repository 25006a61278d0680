package dev.quorate.raft;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToLongFunction;

/** A leader's view of all members: each one's progress, and what a quorum of the voters has reached. */
final class ProgressTracker {
    private final Map<UUID, PeerProgress> peers = new HashMap<>();
    private final PeerProgress[] others;
    private final PeerProgress[] voters;
    private final PeerProgress[] outgoing;
    private final long[] scratch;

    ProgressTracker(UUID self, Membership membership, long nextIndex, RaftConfig config) {
        List<PeerProgress> withoutSelf = new ArrayList<>();
        for (UUID member : membership.members()) {
            PeerProgress peer = new PeerProgress(member, nextIndex, config);
            peers.put(member, peer);
            if (!member.equals(self)) {
                withoutSelf.add(peer);
            }
        }
        others = withoutSelf.toArray(PeerProgress[]::new);
        voters = resolve(membership.voters());
        outgoing = resolve(membership.outgoing());
        scratch = new long[Math.max(voters.length, outgoing.length)];
    }

    private PeerProgress[] resolve(Set<UUID> members) {
        List<PeerProgress> resolved = new ArrayList<>();
        for (UUID member : members) {
            resolved.add(peers.get(member));
        }
        return resolved.toArray(PeerProgress[]::new);
    }

    /** Null for a stranger. */
    PeerProgress get(UUID member) {
        return peers.get(member);
    }

    /** Everybody but the leader itself. */
    PeerProgress[] others() {
        return others;
    }

    /** The greatest index that a quorum holds durably (§5.3). */
    long quorumMatchIndex() {
        return reachedByQuorum(PeerProgress::matchIndex);
    }

    /** The newest read context that a quorum has answered. */
    long quorumReadContext() {
        return reachedByQuorum(peer -> peer.readContext);
    }

    boolean quorumIsActive() {
        return reachedByQuorum(peer -> peer.recentlyActive ? 1 : 0) == 1;
    }

    /** A new period of check-quorum begins. */
    void forgetActivity() {
        for (PeerProgress peer : others) {
            peer.recentlyActive = false;
        }
    }

    private long reachedByQuorum(ToLongFunction<PeerProgress> value) {
        return Math.min(reachedByMajority(voters, value), reachedByMajority(outgoing, value));
    }

    private long reachedByMajority(PeerProgress[] group, ToLongFunction<PeerProgress> value) {
        for (int i = 0; i < group.length; i++) {
            scratch[i] = value.applyAsLong(group[i]);
        }
        return Quorum.reachedByMajority(scratch, group.length);
    }
}
