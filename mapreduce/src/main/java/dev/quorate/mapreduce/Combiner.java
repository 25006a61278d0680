package dev.quorate.mapreduce;

/**
 * A reducer that gives what it takes, and so may run on any part of a key's values, on its own results, and any number of times, without changing what the
 * job's reducer makes of them (section 4.3). It emits only the key that it was given.
 */
public interface Combiner<K, V> extends Reducer<K, V, K, V> {}
