package dev.quorate.store;

import java.util.Arrays;

/** A run of keys, in unsigned order; {@code to} is exclusive. */
public record KeyRange(byte[] from, byte[] to) {
    boolean contains(byte[] key) {
        return Arrays.compareUnsigned(from, key) <= 0 && Arrays.compareUnsigned(key, to) < 0;
    }

    /** The part of the range with keys greater than this one. */
    KeyRange after(byte[] key) {
        return new KeyRange(Arrays.copyOf(key, key.length + 1), to);
    }

    /** The part of the range with keys that start so. The prefix starts with what all keys of the range start with. */
    KeyRange startingWith(byte[] prefix) {
        int last = prefix.length - 1;
        while (last >= 0 && prefix[last] == (byte) 0xff) {
            last--;
        }
        byte[] end = to;
        if (last >= 0) {
            end = Arrays.copyOf(prefix, last + 1);
            end[last]++;
        }
        return new KeyRange(prefix, end);
    }
}
