package dev.quorate.mapreduce.engine;

import java.util.Arrays;

/**
 * Sorts frames by partition and key. Entries of 16 bytes lie one after the other in an array: the partition (4 bytes) and where the key starts in the array of
 * frames (4), then the key's first eight bytes. The key's length is the number (4 bytes) just before the key. Quicksort in three parts, since equal keys are what
 * this is for; insertion sort for few.
 */
final class FrameIndex {
    static final int ENTRY_BYTES = 16;
    private static final int FEW = 20;

    private final byte[] frames;
    private final byte[] index;
    private final int base;

    /**
     * @param base where the first entry lies in {@code index}
     */
    FrameIndex(byte[] frames, byte[] index, int base) {
        this.frames = frames;
        this.index = index;
        this.base = base;
    }

    static void put(byte[] index, int at, int partition, int keyStart, long prefix) {
        Keys.LONG.set(index, at, (long) partition << Integer.SIZE | keyStart);
        Keys.LONG.set(index, at + Long.BYTES, prefix);
    }

    int partition(int entry) {
        return (int) (place(entry) >>> Integer.SIZE);
    }

    int keyStart(int entry) {
        return (int) place(entry);
    }

    private long place(int entry) {
        return (long) Keys.LONG.get(index, base + entry * ENTRY_BYTES);
    }

    private long prefix(int entry) {
        return (long) Keys.LONG.get(index, base + entry * ENTRY_BYTES + Long.BYTES);
    }

    void sort(int count) {
        sort(0, count);
    }

    private void sort(int first, int end) {
        int from = first;
        int to = end;
        while (to - from > FEW) {
            int middle = median(from, (from + to) >>> 1, to - 1);
            long pivotPlace = place(middle);
            long pivotPrefix = prefix(middle);
            int less = from;
            int at = from;
            int more = to;
            while (at < more) {
                int order = compare(at, pivotPlace, pivotPrefix);
                if (order < 0) {
                    swap(less++, at++);
                } else if (order > 0) {
                    swap(at, --more);
                } else {
                    at++;
                }
            }
            if (less - from < to - more) {
                sort(from, less);
                from = more;
            } else {
                sort(more, to);
                to = less;
            }
        }
        insertionSort(from, to);
    }

    private int median(int a, int b, int c) {
        boolean ab = compare(a, place(b), prefix(b)) < 0;
        boolean bc = compare(b, place(c), prefix(c)) < 0;
        if (ab == bc) {
            return b;
        }
        boolean ac = compare(a, place(c), prefix(c)) < 0;
        return ab == ac ? c : a;
    }

    private void insertionSort(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            long place = place(i);
            long prefix = prefix(i);
            int at = i;
            while (at > from && compare(at - 1, place, prefix) > 0) {
                set(at, place(at - 1), prefix(at - 1));
                at--;
            }
            set(at, place, prefix);
        }
    }

    private int compare(int entry, long otherPlace, long otherPrefix) {
        long place = place(entry);
        int order = Integer.compare((int) (place >>> Integer.SIZE), (int) (otherPlace >>> Integer.SIZE));
        if (order != 0) {
            return order;
        }
        long prefix = prefix(entry);
        return prefix != otherPrefix
                ? Long.compareUnsigned(prefix, otherPrefix)
                : compareRest((int) place, (int) otherPlace);
    }

    private int compareRest(int a, int b) {
        int aLength = keyLength(a);
        int bLength = keyLength(b);
        if (aLength <= Long.BYTES || bLength <= Long.BYTES) {
            return Integer.compare(aLength, bLength);
        }
        return Arrays.compareUnsigned(frames, a + Long.BYTES, a + aLength, frames, b + Long.BYTES, b + bLength);
    }

    int keyLength(int keyStart) {
        return (int) Keys.INT.get(frames, keyStart - Integer.BYTES);
    }

    private void swap(int a, int b) {
        long place = place(a);
        long prefix = prefix(a);
        set(a, place(b), prefix(b));
        set(b, place, prefix);
    }

    private void set(int entry, long place, long prefix) {
        Keys.LONG.set(index, base + entry * ENTRY_BYTES, place);
        Keys.LONG.set(index, base + entry * ENTRY_BYTES + Long.BYTES, prefix);
    }
}
