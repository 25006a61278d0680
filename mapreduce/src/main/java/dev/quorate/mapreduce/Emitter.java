package dev.quorate.mapreduce;

import java.io.IOException;

/** Takes the pairs that a mapper, combiner or reducer makes. */
@FunctionalInterface
public interface Emitter<K, V> {
    /** The pair is written down before this returns, so that key and value may be used again for the next one. */
    void emit(K key, V value) throws IOException;
}
