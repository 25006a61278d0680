package dev.quorate.mapreduce;

/** Turns records of the input into pairs (section 2 of the paper). */
public interface Mapper<K1, V1, K2, V2> {
    /** Before the first record of a task. */
    default void open(TaskContext context) throws Exception {}

    void map(K1 key, V1 value, Emitter<K2, V2> out) throws Exception;

    /** After the last record of a task; not after a failure. */
    default void close(Emitter<K2, V2> out) throws Exception {}
}
