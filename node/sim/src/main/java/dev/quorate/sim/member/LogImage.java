package dev.quorate.sim.member;

import java.util.Arrays;

/** The terms of a log's entries, to be compared: what was compacted away stays known, what a snapshot replaced is taken for held. */
public final class LogImage {
    private long baseIndex;
    private long baseTerm;
    private long[] terms = new long[64];
    private int count;

    LogImage(long baseIndex, long baseTerm) {
        reset(baseIndex, baseTerm);
    }

    void reset(long index, long term) {
        baseIndex = index;
        baseTerm = term;
        count = 0;
    }

    /** Adds an entry; what lies at its index or after it goes. */
    void put(long index, long term) {
        count = Math.toIntExact(index - baseIndex - 1);
        if (count == terms.length) {
            terms = Arrays.copyOf(terms, 2 * count);
        }
        terms[count++] = term;
    }

    public long firstIndex() {
        return baseIndex + 1;
    }

    public long lastIndex() {
        return baseIndex + count;
    }

    public long lastTerm() {
        return term(lastIndex());
    }

    /** Of an entry in {@code [firstIndex() - 1, lastIndex()]}. */
    public long term(long index) {
        return index == baseIndex ? baseTerm : terms[Math.toIntExact(index - baseIndex - 1)];
    }

    /** Whether the log has this entry, be it in a snapshot. */
    public boolean holds(long index, long term) {
        return index < baseIndex || index <= lastIndex() && term(index) == term;
    }
}
