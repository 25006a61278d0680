package dev.quorate.raft;

import static dev.quorate.raft.InvariantViolation.check;

import dev.quorate.raft.LogView.CompactedException;
import java.util.List;

/**
 * The replicated log as the core sees it: what is durable (the {@link LogView}), then what is not yet (the {@link LogTail}), and in place of
 * both a snapshot while one is being installed.
 *
 * <p>Invariants: {@code delivered <= commitIndex <= lastIndex}, {@code delivered <= stableIndex <= writtenIndex <= lastIndex}, and nothing at
 * or below commitIndex ever changes.
 */
final class RaftLog {
    /**
     * Kept of what is durable: enough for followers in step. More would be found dead only after a garbage collector has moved it through all its spaces,
     * at each collection again; who is behind is served from the disk's cache.
     */
    private static final long MAX_TAIL_BYTES = 1 << 20;

    private final LogView durable;
    private final LogTail tail;
    private final PendingWrites writes;
    private final MembershipHistory memberships;
    private final long maxTailBytes;

    private long lastIndex;
    private long lastTerm;
    private long commitIndex;
    /** Last entry handed out to be written. */
    private long writtenIndex;
    /** Last entry known to be durable as it is now. */
    private long stableIndex;
    /** Last entry handed out to be applied. */
    private long deliveredIndex;

    private long appliedIndex;
    /** The snapshot being installed: until it is durable the view still shows what it replaces. */
    private SnapshotMeta snapshot;

    private boolean snapshotWritten;
    private final InflightWindow applying;

    /** @param membership as of {@code appliedIndex} */
    RaftLog(LogView durable, long appliedIndex, Membership membership, PendingWrites writes, RaftConfig config) {
        this.durable = durable;
        this.writes = writes;
        this.maxTailBytes = Math.min(config.maxInflightBytes(), MAX_TAIL_BYTES);
        this.applying = new InflightWindow(Integer.MAX_VALUE, config.maxCommittedBytes());
        this.lastIndex = durable.lastIndex();
        check(appliedIndex <= lastIndex, "the state machine is ahead of the log", appliedIndex, lastIndex);
        check(
                appliedIndex >= durable.firstIndex() - 1,
                "the log starts beyond the state machine",
                durable.firstIndex(),
                appliedIndex);
        this.lastTerm = lastIndex == 0 ? 0 : durable.term(lastIndex);
        this.tail = new LogTail(lastIndex + 1);
        this.writtenIndex = lastIndex;
        this.stableIndex = lastIndex;
        this.commitIndex = appliedIndex;
        this.deliveredIndex = appliedIndex;
        this.appliedIndex = appliedIndex;
        this.memberships = new MembershipHistory(appliedIndex, membership);
        for (long next = appliedIndex + 1; next <= lastIndex; ) {
            List<Entry> entries = durable.entries(next, lastIndex + 1, config.maxAppendBytes());
            entries.forEach(memberships::appended);
            next += entries.size();
        }
    }

    MembershipHistory memberships() {
        return memberships;
    }

    long firstIndex() {
        return snapshot != null ? snapshot.index() + 1 : durable.firstIndex();
    }

    long lastIndex() {
        return lastIndex;
    }

    long lastTerm() {
        return lastTerm;
    }

    long commitIndex() {
        return commitIndex;
    }

    long stableIndex() {
        return stableIndex;
    }

    long appliedIndex() {
        return appliedIndex;
    }

    boolean installsSnapshot() {
        return snapshot != null;
    }

    /** @throws CompactedException when the entry is no longer held */
    long term(long index) {
        if (index == lastIndex) {
            return lastTerm;
        }
        check(index < lastIndex, "the log has no such entry yet", index, lastIndex);
        if (index >= tail.firstIndex()) {
            return tail.get(index).term();
        }
        if (index == 0) {
            return 0;
        }
        if (snapshot == null) {
            return durable.term(index);
        }
        if (index == snapshot.index()) {
            return snapshot.term();
        }
        throw new CompactedException(index, firstIndex());
    }

    /** Whether the log has this entry (or had it, where its prefix was compacted up to exactly there). */
    boolean matches(long index, long term) {
        return index <= lastIndex && (index == 0 || index >= firstIndex() - 1) && term(index) == term;
    }

    /** Whether a log that ends so is at least as up-to-date as this one (§5.4.1). */
    boolean isUpToDate(long otherLastIndex, long otherLastTerm) {
        return otherLastTerm > lastTerm || (otherLastTerm == lastTerm && otherLastIndex >= lastIndex);
    }

    /**
     * The greatest index up to {@code index} whose term is at most {@code term}: where two logs may still agree, given one's term at {@code
     * index}. Terms only grow along a log, so this skips whole terms at once (§5.3). Below all that is held when the answer was compacted away.
     */
    long lastIndexNotAbove(long index, long term) {
        long low = Math.max(firstIndex() - 2, 0);
        long high = Math.min(index, lastIndex);
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if (isTermAtMost(middle, term)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The log may be compacted while it is searched; then everything that is gone counts as agreed. */
    private boolean isTermAtMost(long index, long term) {
        try {
            return term(index) <= term;
        } catch (CompactedException e) {
            return true;
        }
    }

    /** Entries from an index on, as many as fit and at least one; none beyond the end. Reads the disk only for what memory forgot. */
    List<Entry> entries(long from, int maxBytes) {
        return entries(from, lastIndex + 1, maxBytes);
    }

    private List<Entry> entries(long from, long to, int maxBytes) {
        if (from >= to) {
            return List.of();
        }
        if (from >= tail.firstIndex()) {
            return tail.slice(from, to, maxBytes);
        }
        if (snapshot != null) {
            throw new CompactedException(from, firstIndex());
        }
        return durable.entries(from, Math.min(to, tail.firstIndex()), maxBytes);
    }

    /** Appends at the end, as a leader does. */
    void append(Entry entry) {
        check(entry.index() == lastIndex + 1, "entries must be appended in order", entry.index(), lastIndex + 1);
        check(entry.term() >= lastTerm, "terms must not fall along the log", entry.term(), lastTerm);
        tail.append(entry);
        lastIndex = entry.index();
        lastTerm = entry.term();
        memberships.appended(entry);
    }

    /**
     * Takes over entries that follow a matching one: those that are there already stay; from the first conflict on, the log is cut and the new
     * ones are appended (§5.3, AppendEntries rules 3 and 4).
     */
    void merge(List<Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.index() > lastIndex) {
                append(entry);
            } else if (term(entry.index()) != entry.term()) {
                truncateFrom(entry.index());
                append(entry);
            }
        }
    }

    private void truncateFrom(long index) {
        check(index > commitIndex, "a committed entry would be overwritten", index, commitIndex);
        lastTerm = term(index - 1);
        lastIndex = index - 1;
        tail.truncateFrom(index);
        memberships.truncatedFrom(index);
        writtenIndex = Math.min(writtenIndex, lastIndex);
        stableIndex = Math.min(stableIndex, lastIndex);
        writes.discardFrom(index);
    }

    /** Starts the log anew from a snapshot (§7, InstallSnapshot rule 7). */
    void restore(SnapshotMeta meta) {
        check(meta.index() > commitIndex, "a snapshot would take back committed entries", meta.index(), commitIndex);
        writes.discardFrom(0);
        tail.reset(meta.index() + 1);
        memberships.restored(meta);
        snapshot = meta;
        snapshotWritten = false;
        lastIndex = meta.index();
        lastTerm = meta.term();
        commitIndex = meta.index();
        writtenIndex = meta.index();
        stableIndex = 0;
        deliveredIndex = meta.index();
        applying.clear();
    }

    void commitTo(long index) {
        check(index <= lastIndex, "an entry that is not in the log would be committed", index, lastIndex);
        commitIndex = Math.max(commitIndex, index);
    }

    boolean hasUnwritten() {
        return writtenIndex < lastIndex || (snapshot != null && !snapshotWritten);
    }

    /** The snapshot to install, once; else null. */
    SnapshotMeta takeSnapshot() {
        if (snapshotWritten) {
            return null;
        }
        snapshotWritten = snapshot != null;
        return snapshot;
    }

    /** The entries to write, once. */
    List<Entry> takeUnwritten() {
        List<Entry> unwritten = entries(writtenIndex + 1, lastIndex + 1, Integer.MAX_VALUE);
        writtenIndex = lastIndex;
        return unwritten;
    }

    /**
     * The oldest snapshot that is worth sending: what the state machine holds now. It may hold more than the core was told; then the log may have been
     * compacted beyond that, even between these two calls.
     */
    SnapshotMeta snapshotToSend() {
        while (true) {
            long index = Math.max(appliedIndex, firstIndex() - 1);
            try {
                return new SnapshotMeta(index, term(index), memberships.at(index));
            } catch (CompactedException e) {
                continue;
            }
        }
    }

    void persisted(PendingWrites.Write write) {
        stableIndex = Math.max(stableIndex, write.lastIndex);
        if (write.snapshot != null && write.snapshot == snapshot) {
            appliedIndex = Math.max(appliedIndex, snapshot.index());
            snapshot = null;
        }
        tail.trim(stableIndex, maxTailBytes);
    }

    /** Whether committed, durable entries wait to be handed out, and the state machine is not too far behind to take them. */
    boolean hasDeliverable() {
        return deliveredIndex < Math.min(commitIndex, stableIndex) && !applying.isFull();
    }

    /** Whether committed, durable entries wait only for the state machine. */
    boolean withholdsCommitted() {
        return deliveredIndex < Math.min(commitIndex, stableIndex) && applying.isFull();
    }

    /** The next committed entries to apply, once. */
    List<Entry> takeDeliverable(int maxBytes) {
        if (!hasDeliverable()) {
            return List.of();
        }
        List<Entry> entries = entries(deliveredIndex + 1, Math.min(commitIndex, stableIndex) + 1, maxBytes);
        check(
                entries.getFirst().index() == deliveredIndex + 1,
                "the log skipped entries",
                entries.getFirst().index(),
                deliveredIndex + 1);
        long bytes = 0;
        for (Entry entry : entries) {
            bytes += entry.sizeBytes();
        }
        deliveredIndex += entries.size();
        applying.add(deliveredIndex, bytes);
        return entries;
    }

    void applied(long index) {
        check(index <= deliveredIndex, "an entry was applied that was not handed out", index, deliveredIndex);
        appliedIndex = Math.max(appliedIndex, index);
        applying.freeTo(index);
        memberships.applied(index);
    }
}
