package dev.quorate.raft;

import java.util.Map;
import java.util.UUID;

/**
 * A member's view of its group.
 *
 * @param leader the current term's leader, or null when unknown
 * @param heir while no leader is known: who campaigns because the last one hands over to it, and just got this member's vote; else null
 * @param membership the configuration in effect: the newest in the log, committed or not (§6)
 * @param membershipIndex where it is in the log, at most
 * @param handingOver a leader that answers proposals busy until another member has taken over, or an election timeout has passed
 * @param progress per peer, when leader; else empty
 */
public record RaftStatus(
        UUID memberId,
        Role role,
        long term,
        UUID leader,
        UUID heir,
        long commitIndex,
        long appliedIndex,
        long firstIndex,
        long lastIndex,
        Membership membership,
        long membershipIndex,
        boolean handingOver,
        Map<UUID, Progress> progress) {

    /** Whether no change of membership is under way, as far as this member knows: what is in effect is committed, and not joint. */
    public boolean membershipSettled() {
        return membershipIndex <= commitIndex && !membership.isJoint();
    }

    /** Roles of a member, with the pre-vote's own. */
    public enum Role {
        FOLLOWER,
        PRE_CANDIDATE,
        CANDIDATE,
        LEADER
    }

    /**
     * How far a peer is, as the leader knows.
     *
     * @param caughtUp alive, and at most two election timeouts behind: it may become a voter, or leader
     */
    public record Progress(
            long matchIndex, long nextIndex, boolean recentlyActive, boolean snapshotting, boolean caughtUp) {}
}
