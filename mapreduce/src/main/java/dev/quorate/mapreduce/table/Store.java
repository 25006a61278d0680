package dev.quorate.mapreduce.table;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a job's table needs of a store: linearizable reads and compare-and-set. A call that throws may have taken effect. */
public interface Store {
    record Value(byte[] bytes, long version) {}

    record Entry(String key, Value value) {}

    Optional<Value> get(String key) throws IOException;

    /**
     * Sets a key if its version is this one; 0 for a key that is absent.
     *
     * @return its new version; empty when it had another
     */
    Optional<Long> compareAndSet(String key, long expectedVersion, byte[] value) throws IOException;

    /** All keys with a prefix, which holds a hash tag, in order. */
    List<Entry> scan(String prefix) throws IOException;

    void delete(String key) throws IOException;
}
