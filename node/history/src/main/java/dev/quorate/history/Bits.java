package dev.quorate.history;

import java.util.Arrays;

/** A set of small numbers that never changes. */
final class Bits {
    static final Bits NONE = new Bits(new long[0]);

    /** The last word is not 0, so that equal sets have equal words. */
    private final long[] words;

    private Bits(long[] words) {
        this.words = words;
    }

    boolean has(int bit) {
        return bit >> 6 < words.length && (words[bit >> 6] & 1L << bit) != 0;
    }

    Bits with(int bit) {
        long[] more = Arrays.copyOf(words, Math.max(words.length, (bit >> 6) + 1));
        more[bit >> 6] |= 1L << bit;
        return new Bits(more);
    }

    Bits without(int bit) {
        long[] fewer = words.clone();
        fewer[bit >> 6] &= ~(1L << bit);
        int length = fewer.length;
        while (length > 0 && fewer[length - 1] == 0) {
            length--;
        }
        return new Bits(length == fewer.length ? fewer : Arrays.copyOf(fewer, length));
    }

    boolean isSubsetOf(Bits other) {
        if (words.length > other.words.length) {
            return false;
        }
        for (int i = 0; i < words.length; i++) {
            if ((words[i] & ~other.words[i]) != 0) {
                return false;
            }
        }
        return true;
    }

    int sizeBytes() {
        return Long.BYTES * words.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bits bits && Arrays.equals(words, bits.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }
}
