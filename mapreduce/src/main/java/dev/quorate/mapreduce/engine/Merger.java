package dev.quorate.mapreduce.engine;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Several that are in order as one that is: a heap of them by their present keys, with the keys' first eight bytes beside it. */
public final class Merger implements Pairs {
    private final List<Pairs> all;
    private final Pairs[] heap;
    private final long[] prefixes;
    private int size;
    private boolean started;

    public Merger(Collection<? extends Pairs> inputs) {
        all = List.copyOf(inputs);
        heap = new Pairs[all.size()];
        prefixes = new long[all.size()];
    }

    @Override
    public boolean next() throws IOException {
        if (!started) {
            start();
            return size > 0;
        }
        if (size == 0) {
            return false;
        }
        Pairs top = heap[0];
        if (top.next()) {
            siftDown(0, top, prefixOf(top));
        } else {
            size--;
            siftDown(0, heap[size], prefixes[size]);
        }
        return size > 0;
    }

    private void start() throws IOException {
        started = true;
        for (Pairs input : all) {
            if (input.next()) {
                heap[size] = input;
                prefixes[size++] = prefixOf(input);
            }
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            siftDown(i, heap[i], prefixes[i]);
        }
    }

    private static long prefixOf(Pairs pairs) {
        return Keys.prefix(pairs.array(), pairs.keyStart(), pairs.valueStart());
    }

    /** Puts one in at a place or below, where both of its children are not before it. */
    private void siftDown(int from, Pairs pairs, long prefix) {
        int at = from;
        int child;
        while ((child = 2 * at + 1) < size) {
            if (child + 1 < size && before(heap[child + 1], prefixes[child + 1], heap[child], prefixes[child])) {
                child++;
            }
            if (!before(heap[child], prefixes[child], pairs, prefix)) {
                break;
            }
            heap[at] = heap[child];
            prefixes[at] = prefixes[child];
            at = child;
        }
        heap[at] = pairs;
        prefixes[at] = prefix;
    }

    private static boolean before(Pairs a, long aPrefix, Pairs b, long bPrefix) {
        int order = Long.compareUnsigned(aPrefix, bPrefix);
        return order != 0 ? order < 0 : Pairs.compareKeys(a, b) < 0;
    }

    @Override
    public byte[] array() {
        return heap[0].array();
    }

    @Override
    public int keyStart() {
        return heap[0].keyStart();
    }

    @Override
    public int valueStart() {
        return heap[0].valueStart();
    }

    @Override
    public int valueEnd() {
        return heap[0].valueEnd();
    }

    @Override
    public void close() throws IOException {
        Arrays.fill(heap, null);
        size = 0;
        IOException first = null;
        for (Pairs input : all) {
            try {
                input.close();
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
