package dev.quorate.raft;

import java.util.UUID;

/**
 * What a member must have on disk before it answers (figure 2, persistent state), beside the log.
 *
 * @param term currentTerm: latest term the member has seen
 * @param votedFor candidate that got the member's vote in that term, or null
 */
public record HardState(long term, UUID votedFor) {
    public static final HardState INITIAL = new HardState(0, null);
}
