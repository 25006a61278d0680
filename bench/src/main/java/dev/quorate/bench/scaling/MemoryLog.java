package dev.quorate.bench.scaling;

import dev.quorate.raft.Entry;
import dev.quorate.raft.LogView;
import java.util.ArrayList;
import java.util.List;

/** A member's log, of which only the newest entries are kept. */
final class MemoryLog implements LogView {
    private static final int KEPT = 50_000;

    private final List<Entry> entries = new ArrayList<>();
    private long baseIndex;
    private long baseTerm;

    void append(List<Entry> more) {
        if (more.isEmpty()) {
            return;
        }
        int at = Math.toIntExact(more.getFirst().index() - baseIndex - 1);
        entries.subList(at, entries.size()).clear();
        entries.addAll(more);
        if (entries.size() > 2 * KEPT) {
            Entry last = entries.get(KEPT - 1);
            baseIndex = last.index();
            baseTerm = last.term();
            entries.subList(0, KEPT).clear();
        }
    }

    @Override
    public long firstIndex() {
        return baseIndex + 1;
    }

    @Override
    public long lastIndex() {
        return baseIndex + entries.size();
    }

    @Override
    public long term(long index) {
        return index == baseIndex ? baseTerm : entries.get(place(index)).term();
    }

    @Override
    public List<Entry> entries(long from, long to, int maxBytes) {
        List<Entry> found = new ArrayList<>();
        long bytes = 0;
        for (long index = from; index < to; index++) {
            Entry entry = entries.get(place(index));
            bytes += entry.data().length;
            if (!found.isEmpty() && bytes > maxBytes) {
                break;
            }
            found.add(entry);
        }
        return found;
    }

    private int place(long index) {
        if (index <= baseIndex) {
            throw new CompactedException(index, firstIndex());
        }
        return Math.toIntExact(index - baseIndex - 1);
    }
}
