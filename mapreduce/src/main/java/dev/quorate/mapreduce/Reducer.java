package dev.quorate.mapreduce;

import java.util.Iterator;

/** Turns a key and all of its values into pairs of the output. Called in the order of the keys. */
public interface Reducer<K2, V2, K3, V3> {
    /** Before the first key of a task. */
    default void open(TaskContext context) throws Exception {}

    /**
     * @param values in no particular order, read as they are asked for, once; what {@code next} returned may change with the next call
     */
    void reduce(K2 key, Iterator<V2> values, Emitter<K3, V3> out) throws Exception;

    /** After the last key of a task; not after a failure. */
    default void close(Emitter<K3, V3> out) throws Exception {}
}
