package dev.quorate.store;

import java.util.List;

/**
 * The store at one applied index, however long it is held; for one thread at a time. Holding it keeps old data from being dropped: close it
 * soon. Every method throws {@link StoreException} of kind CLOSED once the store was closed or replaced by a snapshot.
 *
 * <p>Keys are read from the shard's current incarnation, whatever the shard's state: whether the group may answer is in {@link #shard}, read from
 * the same state as the data. A key whose deadline is not after the shard's clock is absent.
 */
public interface StoreView extends AutoCloseable {
    long appliedIndex();

    ShardView shard(int shard);

    /** The key's value, or null. */
    Versioned get(int shard, byte[] key);

    /** The keys' values in order, null where absent. */
    List<Versioned> multiGet(int shard, List<byte[]> keys);

    /**
     * Keys in order.
     *
     * @param prefix that keys must start with; null or empty for any
     * @param after where the last page ended, exclusive; null for the first
     */
    List<Item> scan(int shard, byte[] prefix, byte[] after, int limit);

    /** Keys that are due at a time, soonest first. */
    List<DueKey> due(int shard, long nowMillis, int limit);

    /** Data that no shard's current state refers to: to be purged by name. Cheap: it skips from incarnation to incarnation. */
    List<Orphan> orphans(int limit);

    /** Runs many reads for little more than the price of one: until it returns, the store is neither closed nor replaced. */
    void together(Runnable reads);

    @Override
    void close();
}
