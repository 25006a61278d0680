package dev.quorate.raft;

import java.util.UUID;

/**
 * Settings of one member's core. Times are in ticks of the driver's clock.
 *
 * @param memberId the member itself
 * @param electionTicks a follower that hears nothing for a random number of ticks in [electionTicks, 2 * electionTicks) campaigns; check-quorum
 *     and the receivers' patience use electionTicks itself
 * @param heartbeatTicks ticks between a leader's heartbeats, well below electionTicks
 * @param maxAppendBytes entries in one AppendEntries, in bytes
 * @param maxInflightAppends unanswered AppendEntries per follower
 * @param maxInflightBytes unanswered entries per follower, in bytes
 * @param maxUncommittedBytes proposals beyond this are answered busy
 * @param maxCommittedBytes committed entries handed out in one ready, in bytes
 */
public record RaftConfig(
        UUID memberId,
        int electionTicks,
        int heartbeatTicks,
        int maxAppendBytes,
        int maxInflightAppends,
        long maxInflightBytes,
        long maxUncommittedBytes,
        int maxCommittedBytes) {
    public RaftConfig {
        if (heartbeatTicks < 1 || electionTicks <= heartbeatTicks) {
            throw new IllegalArgumentException(
                    "electionTicks must be greater than heartbeatTicks, and that at least 1: " + electionTicks + ", "
                            + heartbeatTicks);
        }
        if (maxAppendBytes < 1
                || maxInflightAppends < 1
                || maxInflightBytes < 1
                || maxUncommittedBytes < 1
                || maxCommittedBytes < 1) {
            throw new IllegalArgumentException("limits must be at least 1");
        }
    }

    /** Defaults: 1 MiB appends, 256 or 8 MiB in flight, 32 MiB uncommitted, 4 MiB applied at a time. */
    public static RaftConfig defaults(UUID memberId, int electionTicks, int heartbeatTicks) {
        return new RaftConfig(memberId, electionTicks, heartbeatTicks, 1 << 20, 256, 8 << 20, 32 << 20, 4 << 20);
    }
}
