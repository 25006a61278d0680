package dev.quorate.mapreduce.engine;

import java.io.IOException;

/** A pair that a map task's memory does not hold. */
public final class PairTooLargeException extends IOException {
    public PairTooLargeException(long pairBytes, long boundBytes) {
        super("a pair of " + pairBytes + " bytes does not fit into the sort buffer of " + boundBytes
                + " bytes: make smaller pairs, or the buffer larger (--sort-buffer)");
    }
}
