package dev.quorate.raft;

import java.util.List;

/**
 * What the driver must do after the core moved. Writes go to disk in the order of the readies; when a ready's hard state, snapshot and entries
 * are durable the driver calls {@link Raft#persisted} with its number. Nothing else waits for the disk.
 *
 * @param number from 1, one more for every ready
 * @param hardState to persist, or null when unchanged
 * @param snapshot to install before the entries (state machine and log start anew from it), or null
 * @param entries to append; the first may lie at or before the log's last index, which then is cut there first
 * @param messages may be sent at once
 * @param messagesAfterPersist may be sent only once this ready is durable
 * @param committed entries to apply, in order; each is durable here
 * @param reads reads that may be served once applied
 * @param lostReads identifiers of reads that the core gave up: leadership was lost, nothing was read
 */
public record Ready(
        long number,
        HardState hardState,
        SnapshotMeta snapshot,
        List<Entry> entries,
        List<Message> messages,
        List<Message> messagesAfterPersist,
        List<Entry> committed,
        List<ReadState> reads,
        List<Long> lostReads) {

    /**
     * A read that is linearizable at the state machine once {@code index} is applied.
     *
     * @param requestId as given to {@link Raft#readIndex}
     */
    public record ReadState(long requestId, long index) {}

    /** Whether {@link Raft#persisted} is owed for this ready. */
    public boolean mustPersist() {
        return hardState != null || snapshot != null || !entries.isEmpty() || !messagesAfterPersist.isEmpty();
    }
}
