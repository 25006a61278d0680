package dev.quorate.mapreduce.engine;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;

/**
 * Pairs in the order of their keys, one at a time. The present pair is a range of an array: the key from {@link #keyStart} to {@link #valueStart}, the value from
 * there to {@link #valueEnd}. It is valid until the next call of {@link #next}.
 */
public interface Pairs extends Closeable {
    /** Goes to the next pair. False when there is none. */
    boolean next() throws IOException;

    byte[] array();

    int keyStart();

    int valueStart();

    int valueEnd();

    /** Compares the present keys of two. */
    static int compareKeys(Pairs a, Pairs b) {
        return Arrays.compareUnsigned(a.array(), a.keyStart(), a.valueStart(), b.array(), b.keyStart(), b.valueStart());
    }
}
