package dev.quorate.mapreduce;

/** Says which partition, and so which reduce task and output file, a key is for (section 4.1). */
@FunctionalInterface
public interface Partitioner<K> {
    /**
     * @param partitions how many there are
     * @return 0 up to but not {@code partitions}; the same for equal keys, on every machine
     */
    int partition(K key, int partitions);
}
