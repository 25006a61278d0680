package dev.quorate.raft;

import java.util.Map;
import java.util.UUID;

/**
 * A member's view of its group.
 *
 * @param leader the current term's leader, or null when unknown
 * @param progress per peer, when leader; else empty
 */
public record RaftStatus(
        UUID memberId,
        Role role,
        long term,
        UUID leader,
        long commitIndex,
        long appliedIndex,
        long firstIndex,
        long lastIndex,
        Membership membership,
        Map<UUID, Progress> progress) {

    /** Roles of a member, with the pre-vote's own. */
    public enum Role {
        FOLLOWER,
        PRE_CANDIDATE,
        CANDIDATE,
        LEADER
    }

    /** How far a peer is, as the leader knows. */
    public record Progress(long matchIndex, long nextIndex, boolean recentlyActive, boolean snapshotting) {}
}
