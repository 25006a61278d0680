package dev.quorate.mapreduce;

import java.io.IOException;
import java.io.OutputStream;

/** Writes the pairs of a partition into its file. */
@FunctionalInterface
public interface OutputFormat<K, V> {
    /**
     * @param file buffered; the job closes it
     */
    Emitter<K, V> open(OutputStream file) throws IOException;
}
