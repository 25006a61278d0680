package dev.quorate.raft;

import java.util.List;

/**
 * The durable log as the core reads it. Implementations are safe for reading while another thread appends; the core reads only what it
 * was told is durable, and keeps the rest itself.
 */
public interface LogView {
    /** Index of the first entry still held; one past the snapshot's index when the log is empty. */
    long firstIndex();

    /** Index of the last entry held; {@code firstIndex() - 1} when there is none. */
    long lastIndex();

    /**
     * Term of the entry at an index in {@code [firstIndex() - 1, lastIndex()]}; the lower bound is the entry just before the first one.
     *
     * @throws CompactedException when the entry is no longer held
     */
    long term(long index);

    /**
     * Entries from {@code from} on, up to but without {@code to}: as many as fit {@code maxBytes}, and at least one.
     *
     * @throws CompactedException when {@code from} is no longer held
     */
    List<Entry> entries(long from, long to, int maxBytes);

    /** The index asked for was compacted away: its reader needs a snapshot. */
    final class CompactedException extends RuntimeException {
        public CompactedException(long index, long firstIndex) {
            super("entry " + index + " was compacted; the log starts at " + firstIndex, null, false, false);
        }
    }
}
