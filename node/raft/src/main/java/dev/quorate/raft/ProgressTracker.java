package dev.quorate.raft;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.ToLongFunction;

/**
 * A leader's view of all members: each one's progress, and what a quorum of the voters has reached. Learners and members that have just left are
 * there too, but never counted.
 */
final class ProgressTracker {
    private final UUID self;
    private final RaftConfig config;
    private final Map<UUID, PeerProgress> peers = new TreeMap<>();
    private Membership membership;
    private boolean hasDeparted;
    private PeerProgress[] others;
    private PeerProgress[] voters;
    private PeerProgress[] outgoing;
    private long[] scratch;

    ProgressTracker(UUID self, Membership membership, long nextIndex, RaftConfig config) {
        this.self = self;
        this.config = config;
        // The leader's own, whether it is a member or not.
        peers.put(self, new PeerProgress(self, nextIndex, config));
        reconfigure(membership, nextIndex);
    }

    /** Another configuration is in effect (§6). Members that it leaves out still get the log, so that they learn of it, until they are dropped. */
    void reconfigure(Membership newMembership, long nextIndex) {
        membership = newMembership;
        for (UUID member : membership.members()) {
            peers.computeIfAbsent(member, id -> new PeerProgress(id, nextIndex, config));
        }
        resolve();
    }

    boolean hasDeparted() {
        return hasDeparted;
    }

    /** Forgets the members that the configuration in effect leaves out. */
    void dropDeparted() {
        peers.keySet().removeIf(this::isDeparted);
        resolve();
    }

    private boolean isDeparted(UUID member) {
        return !member.equals(self)
                && !membership.isVoter(member)
                && !membership.learners().contains(member);
    }

    private void resolve() {
        hasDeparted = peers.keySet().stream().anyMatch(this::isDeparted);
        others = peers.values().stream().filter(peer -> !peer.id.equals(self)).toArray(PeerProgress[]::new);
        voters = resolve(membership.voters());
        outgoing = resolve(membership.outgoing());
        scratch = new long[Math.max(voters.length, outgoing.length)];
    }

    private PeerProgress[] resolve(Set<UUID> members) {
        return members.stream().map(peers::get).toArray(PeerProgress[]::new);
    }

    /** Null for a stranger. */
    PeerProgress get(UUID member) {
        return peers.get(member);
    }

    /** Everybody but the leader itself. */
    PeerProgress[] others() {
        return others;
    }

    /** The voter beside the leader that is most likely to take over soon: alive, with most of the log. Null when there is none. */
    PeerProgress bestSuccessor() {
        return Arrays.stream(others)
                .filter(peer -> membership.voters().contains(peer.id))
                .max(Comparator.<PeerProgress, Boolean>comparing(peer -> peer.recentlyActive)
                        .thenComparing(PeerProgress::matchIndex))
                .orElse(null);
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
