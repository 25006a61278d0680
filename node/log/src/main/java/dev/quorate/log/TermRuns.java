package dev.quorate.log;

import java.util.Arrays;

/** The term of every entry, kept as runs of equal terms: terms change seldom. */
final class TermRuns {
    private long[] firstIndexes = new long[8];
    private long[] terms = new long[8];
    private int size;

    void add(long index, long term) {
        if (size > 0 && terms[size - 1] == term) {
            return;
        }
        if (size == terms.length) {
            firstIndexes = Arrays.copyOf(firstIndexes, 2 * size);
            terms = Arrays.copyOf(terms, 2 * size);
        }
        firstIndexes[size] = index;
        terms[size] = term;
        size++;
    }

    /** Term of an entry that was added. */
    long term(long index) {
        return terms[run(index)];
    }

    private int run(long index) {
        int at = Arrays.binarySearch(firstIndexes, 0, size, index);
        return at >= 0 ? at : -at - 2;
    }

    void truncate(long lastKeptIndex) {
        while (size > 0 && firstIndexes[size - 1] > lastKeptIndex) {
            size--;
        }
    }

    /** Forgets what lies wholly before an index. */
    void dropBefore(long index) {
        int from = run(index);
        if (from > 0) {
            System.arraycopy(firstIndexes, from, firstIndexes, 0, size - from);
            System.arraycopy(terms, from, terms, 0, size - from);
            size -= from;
        }
    }

    void clear() {
        size = 0;
    }
}
