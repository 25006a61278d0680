package dev.quorate.mapreduce.engine;

import java.io.IOException;

/** Makes few values of a key's many (section 4.3 of the paper). */
@FunctionalInterface
public interface PairCombiner {
    /** Takes the values that a combiner makes; they are copied. */
    @FunctionalInterface
    interface Output {
        void value(byte[] bytes, int start, int end) throws IOException;
    }

    void combine(byte[] key, int keyStart, int keyEnd, Values values, Output out) throws IOException;
}
