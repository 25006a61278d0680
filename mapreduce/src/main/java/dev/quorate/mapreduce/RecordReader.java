package dev.quorate.mapreduce;

import java.io.IOException;

/** The records of a split, one after the other; the same ones in the same order each time that the split is read. */
public interface RecordReader<K, V> extends AutoCloseable {
    /** Goes to the next record. False when there is none. */
    boolean next() throws IOException;

    /** Of the present record; may change with the next. */
    K key();

    /** Of the present record; may change with the next. */
    V value();

    /** How much of the split has been read, 0 to 1. */
    double progress();

    @Override
    void close() throws IOException;
}
