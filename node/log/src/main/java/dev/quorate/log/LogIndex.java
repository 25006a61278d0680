package dev.quorate.log;

import dev.quorate.raft.Entry;
import dev.quorate.raft.LogView.CompactedException;
import dev.quorate.raft.SnapshotMeta;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where each entry lies: four bytes for an entry, and the newest entries themselves. Safe for more than one thread; no method does I/O.
 *
 * <p>Invariant: the entries of a run follow each other, and those of the next run follow them, up to the last index.
 */
final class LogIndex {
    /** Most bytes that are read from disk at once, unless a single entry has more. */
    private static final int READ_BYTES = 1 << 20;

    private final List<Run> runs = new ArrayList<>();
    private final TermRuns terms = new TermRuns();
    private final EntryCache cache;
    private SnapshotMeta base;
    private long cuts;
    private volatile long firstIndex;
    private volatile long lastIndex;

    /** An index without segments yet, of a log whose entries up to the last are not needed or come again. */
    LogIndex(SnapshotMeta base, long lastIndex, long cacheBytes) {
        this.base = base;
        this.firstIndex = base.index() + 1;
        this.lastIndex = lastIndex;
        this.cache = new EntryCache(cacheBytes);
        cache.clear(lastIndex + 1);
    }

    /** The live entries of one segment. */
    private static final class Run {
        final Segment segment;
        long firstIndex;
        int[] offsets = new int[64];
        int count;
        long endOffset;

        Run(Segment segment, long firstIndex) {
            this.segment = segment;
            this.firstIndex = firstIndex;
        }

        void add(long offset, long frameBytes) {
            if (count == offsets.length) {
                offsets = Arrays.copyOf(offsets, 2 * count);
            }
            offsets[count++] = (int) (offset / Frame.ALIGNMENT);
            endOffset = offset + frameBytes;
        }

        /** Where an entry's frame starts; one past the last, where the last one ends. */
        long offset(long index) {
            int at = (int) (index - firstIndex);
            return at == count ? endOffset : Integer.toUnsignedLong(offsets[at]) * Frame.ALIGNMENT;
        }

        long lastIndex() {
            return firstIndex + count - 1;
        }

        void clear(long nextIndex) {
            firstIndex = nextIndex;
            count = 0;
        }

        void truncate(long lastKeptIndex) {
            if (firstIndex > lastKeptIndex) {
                clear(lastKeptIndex + 1);
            } else if (lastIndex() > lastKeptIndex) {
                endOffset = offset(lastKeptIndex + 1);
                count = (int) (lastKeptIndex - firstIndex + 1);
            }
        }
    }

    /**
     * Neighbours on disk, to be read at once.
     *
     * @param firstIndex index of the first entry
     * @param offsets of the entries' frames in the segment, then of where to stop reading
     */
    record Extent(Segment segment, long firstIndex, long[] offsets) {
        int count() {
            return offsets.length - 1;
        }

        int sizeBytes() {
            return Math.toIntExact(offsets[count()] - offsets[0]);
        }
    }

    long firstIndex() {
        return firstIndex;
    }

    long lastIndex() {
        return lastIndex;
    }

    synchronized SnapshotMeta base() {
        return base;
    }

    synchronized long term(long index) {
        if (index < base.index()) {
            throw new CompactedException(index, firstIndex);
        }
        if (index > lastIndex) {
            throw new IndexOutOfBoundsException("entry " + index + " is after the log's last, " + lastIndex);
        }
        return index == base.index() ? base.term() : terms.term(index);
    }

    /** How often entries were cut: what was read in several steps is of one log only if this stayed the same. */
    synchronized long cuts() {
        return cuts;
    }

    /**
     * Adds entries from memory, as many as fit, if the first one is there (or is not in the log at all).
     *
     * @return where to read from disk instead, or null
     */
    synchronized Extent collect(long from, long to, int maxBytes, List<Entry> target) {
        if (from < firstIndex) {
            throw new CompactedException(from, firstIndex);
        }
        long end = Math.min(to, lastIndex + 1);
        if (from < end && from < cache.firstIndex()) {
            return extent(from, Math.min(end, cache.firstIndex()), Math.min(maxBytes, READ_BYTES));
        }
        long bytes = 0;
        for (long index = from; index < end; index++) {
            Entry entry = cache.get(index);
            bytes += entry.sizeBytes();
            if (bytes > maxBytes && !target.isEmpty()) {
                break;
            }
            target.add(entry);
        }
        return null;
    }

    private Extent extent(long from, long to, int maxBytes) {
        Run run = run(from);
        long end = from + 1;
        long limit = Math.min(to, run.lastIndex() + 1);
        while (end < limit && run.offset(end + 1) - run.offset(from) <= maxBytes) {
            end++;
        }
        long[] offsets = new long[(int) (end - from) + 1];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = run.offset(from + i);
        }
        return new Extent(run.segment, from, offsets);
    }

    private Run run(long index) {
        int low = 0;
        int high = runs.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (runs.get(middle).firstIndex <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return runs.get(low);
    }

    synchronized void startSegment(Segment segment) {
        runs.add(new Run(segment, lastIndex + 1));
    }

    /** Adds entries whose frames follow each other in the last segment; what lies at or after the first one goes. */
    synchronized void append(List<Entry> entries, long lsn) {
        long at = lsn - runs.getLast().segment.baseLsn();
        if (!entries.isEmpty() && entries.getFirst().index() <= lastIndex) {
            truncate(entries.getFirst().index() - 1);
        }
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            long frameBytes = Frame.sizeBytes(Frame.ENTRY_BYTES + entry.data().length);
            place(entry.index(), entry.term(), at, frameBytes);
            cache.add(entry);
            at += frameBytes;
        }
    }

    /** Adds an entry that is on disk. */
    synchronized void add(long index, long term, long offset, long frameBytes) {
        place(index, term, offset, frameBytes);
        cache.clear(index + 1);
    }

    private void place(long index, long term, long offset, long frameBytes) {
        runs.getLast().add(offset, frameBytes);
        terms.add(index, term);
        lastIndex = index;
    }

    synchronized void truncate(long lastKeptIndex) {
        cuts++;
        runs.forEach(run -> run.truncate(lastKeptIndex));
        terms.truncate(lastKeptIndex);
        cache.truncate(lastKeptIndex);
        lastIndex = lastKeptIndex;
    }

    /** Start of the oldest segment that is needed when the log starts after an index; the last one always is. */
    synchronized long oldestLsn(long baseIndex) {
        int oldest = 0;
        while (oldest < runs.size() - 1 && runs.get(oldest).lastIndex() <= baseIndex) {
            oldest++;
        }
        return runs.get(oldest).segment.baseLsn();
    }

    synchronized void compact(SnapshotMeta newBase) {
        base = newBase;
        firstIndex = newBase.index() + 1;
        terms.dropBefore(firstIndex);
        cache.dropBefore(firstIndex);
    }

    synchronized void reset(SnapshotMeta newBase) {
        cuts++;
        base = newBase;
        firstIndex = newBase.index() + 1;
        lastIndex = newBase.index();
        runs.forEach(run -> run.clear(firstIndex));
        terms.clear();
        cache.clear(firstIndex);
    }

    /** Takes out the segments before one, oldest first. */
    synchronized List<Segment> removeBefore(long lsn) {
        List<Segment> removed = new ArrayList<>();
        while (runs.getFirst().segment.baseLsn() < lsn) {
            removed.add(runs.removeFirst().segment);
        }
        return removed;
    }

    /** Whether every entry after the base is in a segment. */
    synchronized boolean isComplete() {
        return runs.isEmpty() || runs.getFirst().firstIndex <= firstIndex;
    }

    synchronized List<Segment> segments() {
        return runs.stream().map(run -> run.segment).toList();
    }
}
