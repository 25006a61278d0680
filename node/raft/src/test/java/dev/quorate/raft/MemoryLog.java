package dev.quorate.raft;

import java.util.ArrayList;
import java.util.List;

/** A log in memory that does what a driver does with readies. */
public final class MemoryLog implements LogView {
    private final List<Entry> entries = new ArrayList<>();
    private long prevIndex;
    private long prevTerm;

    /** A log whose entries have these terms, from index 1. */
    public static MemoryLog ofTerms(long... terms) {
        MemoryLog log = new MemoryLog();
        for (long term : terms) {
            log.append(List.of(new Entry(log.lastIndex() + 1, term, Entry.Type.COMMAND, new byte[0])));
        }
        return log;
    }

    public MemoryLog copy() {
        MemoryLog copy = new MemoryLog();
        copy.entries.addAll(entries);
        copy.prevIndex = prevIndex;
        copy.prevTerm = prevTerm;
        return copy;
    }

    public void append(List<Entry> added) {
        if (added.isEmpty()) {
            return;
        }
        long from = added.getFirst().index();
        if (from > lastIndex() + 1 || from < firstIndex()) {
            throw new IllegalStateException(
                    "entry " + from + " does not follow [" + firstIndex() + ", " + lastIndex() + "]");
        }
        entries.subList((int) (from - firstIndex()), entries.size()).clear();
        entries.addAll(added);
    }

    public void install(SnapshotMeta snapshot) {
        entries.clear();
        prevIndex = snapshot.index();
        prevTerm = snapshot.term();
    }

    /** Drops the entries up to and with this index. */
    public void compactTo(long index) {
        long term = term(index);
        entries.subList(0, (int) (index - prevIndex)).clear();
        prevIndex = index;
        prevTerm = term;
    }

    @Override
    public long firstIndex() {
        return prevIndex + 1;
    }

    @Override
    public long lastIndex() {
        return prevIndex + entries.size();
    }

    @Override
    public long term(long index) {
        if (index == prevIndex) {
            return prevTerm;
        }
        return get(index).term();
    }

    private Entry get(long index) {
        if (index < firstIndex()) {
            throw new CompactedException(index, firstIndex());
        }
        return entries.get((int) (index - firstIndex()));
    }

    @Override
    public List<Entry> entries(long from, long to, int maxBytes) {
        List<Entry> found = new ArrayList<>();
        long bytes = 0;
        for (long index = from; index < to; index++) {
            Entry entry = get(index);
            bytes += entry.sizeBytes();
            if (!found.isEmpty() && bytes > maxBytes) {
                break;
            }
            found.add(entry);
        }
        return found;
    }
}
