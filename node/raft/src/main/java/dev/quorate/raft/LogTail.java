package dev.quorate.raft;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The newest entries of the log, in memory: all that are not durable yet, and of the durable ones as many as fit a byte bound, so that
 * replication and apply rarely have to read the disk.
 *
 * <p>Invariant: the entries are contiguous, the first one is at {@code firstIndex}.
 */
final class LogTail {
    private static final int INITIAL_CAPACITY = 64;

    private Entry[] entries = new Entry[INITIAL_CAPACITY];
    private int start;
    private int end;
    private long firstIndex;
    private long totalBytes;

    LogTail(long firstIndex) {
        this.firstIndex = firstIndex;
    }

    /** Index of the first entry held, or of the next one to come when there is none. */
    long firstIndex() {
        return firstIndex;
    }

    Entry get(long index) {
        return entries[slot(index)];
    }

    void append(Entry entry) {
        if (end == entries.length) {
            makeRoom();
        }
        entries[end++] = entry;
        totalBytes += entry.sizeBytes();
    }

    /** Drops the entries at and above an index. */
    void truncateFrom(long index) {
        if (index <= firstIndex) {
            reset(index);
            return;
        }
        int cut = slot(index);
        while (end > cut) {
            totalBytes -= entries[--end].sizeBytes();
            entries[end] = null;
        }
    }

    /** Drops everything; the next entry is at this index. */
    void reset(long nextIndex) {
        Arrays.fill(entries, start, end, null);
        start = 0;
        end = 0;
        totalBytes = 0;
        firstIndex = nextIndex;
    }

    /** Forgets the oldest of the durable entries until the rest fits the bound. */
    void trim(long stableIndex, long maxBytes) {
        while (totalBytes > maxBytes && firstIndex <= stableIndex && start < end) {
            totalBytes -= entries[start].sizeBytes();
            entries[start++] = null;
            firstIndex++;
        }
    }

    /** Entries in {@code [from, to)}, as many as fit and at least one. */
    List<Entry> slice(long from, long to, int maxBytes) {
        int first = slot(from);
        int limit = first + (int) (to - from);
        int last = first + 1;
        if (totalBytes <= maxBytes) {
            last = limit;
        } else {
            long bytes = entries[first].sizeBytes();
            while (last < limit && (bytes += entries[last].sizeBytes()) <= maxBytes) {
                last++;
            }
        }
        if (last - first == 1) {
            return List.of(entries[first]);
        }
        return Collections.unmodifiableList(Arrays.asList(Arrays.copyOfRange(entries, first, last)));
    }

    private int slot(long index) {
        return start + (int) (index - firstIndex);
    }

    private void makeRoom() {
        int size = end - start;
        Entry[] target = size > entries.length / 2 ? new Entry[2 * entries.length] : entries;
        System.arraycopy(entries, start, target, 0, size);
        if (target == entries) {
            Arrays.fill(entries, size, end, null);
        }
        entries = target;
        start = 0;
        end = size;
    }
}
