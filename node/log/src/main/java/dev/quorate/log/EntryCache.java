package dev.quorate.log;

import dev.quorate.raft.Entry;

/** The newest entries, in a ring that is bounded by their bytes. */
final class EntryCache {
    private final long maxBytes;
    private Entry[] ring = new Entry[1024];
    private long firstIndex = 1;
    private long nextIndex = 1;
    private long bytes;

    EntryCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Index of the oldest entry held; all from there to the log's last are. */
    long firstIndex() {
        return firstIndex;
    }

    Entry get(long index) {
        return ring[slot(index)];
    }

    private int slot(long index) {
        return (int) (index & (ring.length - 1));
    }

    void add(Entry entry) {
        if (nextIndex != entry.index()) {
            clear(entry.index());
        }
        if (nextIndex - firstIndex == ring.length) {
            grow();
        }
        ring[slot(nextIndex++)] = entry;
        bytes += entry.sizeBytes();
        while (bytes > maxBytes) {
            dropFirst();
        }
    }

    private void grow() {
        Entry[] old = ring;
        ring = new Entry[2 * old.length];
        for (long index = firstIndex; index < nextIndex; index++) {
            ring[slot(index)] = old[(int) (index & (old.length - 1))];
        }
    }

    private void dropFirst() {
        int slot = slot(firstIndex++);
        bytes -= ring[slot].sizeBytes();
        ring[slot] = null;
    }

    void truncate(long lastKeptIndex) {
        while (nextIndex > firstIndex && nextIndex - 1 > lastKeptIndex) {
            int slot = slot(--nextIndex);
            bytes -= ring[slot].sizeBytes();
            ring[slot] = null;
        }
        if (nextIndex == firstIndex) {
            clear(lastKeptIndex + 1);
        }
    }

    void dropBefore(long index) {
        while (firstIndex < Math.min(index, nextIndex)) {
            dropFirst();
        }
        if (nextIndex < index) {
            clear(index);
        }
    }

    /** Empties the cache; the next entry to come has this index. */
    void clear(long next) {
        while (firstIndex < nextIndex) {
            dropFirst();
        }
        firstIndex = next;
        nextIndex = next;
    }
}
