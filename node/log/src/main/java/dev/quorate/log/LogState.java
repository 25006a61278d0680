package dev.quorate.log;

import dev.quorate.raft.HardState;
import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;

/**
 * What a log is apart from its entries; every segment begins with it, so that older segments can go.
 *
 * @param salt of all the log's checksums; drawn at random when the log is made
 * @param hardState as last appended
 * @param base what the log starts after
 * @param lastIndex index of the last entry
 * @param oldestLsn start of the oldest segment that is needed
 */
record LogState(int salt, HardState hardState, SnapshotMeta base, long lastIndex, long oldestLsn) {
    static LogState fresh(int salt) {
        return new LogState(salt, HardState.INITIAL, new SnapshotMeta(0, 0, Membership.NONE), 0, 0);
    }
}
