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

    /**
     * Rows of an incarnation that move with the shard: keys, expired ones too, and sessions.
     *
     * @param after key of the last row of the chunk before, exclusive; null for the first
     * @param maxBytes bound of keys and values together; one row comes even if it is larger
     */
    ShardChunk exportChunk(int shard, long incarnation, byte[] after, int maxBytes);

    /**
     * What entries changed in an incarnation since its export began, in the order of the log.
     *
     * @param after index of the last entry of the part before, exclusive; 0 for the first
     * @param maxBytes bound of the changes together; one entry comes even if it is larger
     */
    ShardTail tail(int shard, long incarnation, long after, int maxBytes);

    /**
     * A part of the digest of all rows of an incarnation that move with the shard.
     *
     * @param after where the part before ended; null for the first
     */
    DigestPart digestPart(int shard, long incarnation, byte[] after, int maxBytes);

    /**
     * Digest of all rows of an incarnation that move with the shard: what {@code import_digest} of the target is when it has imported just these, in whatever chunks.
     * Reads them all.
     */
    long digest(int shard, long incarnation);

    /** Whether the shard has sessions that were not used for so long before a time. */
    boolean hasIdleSessions(int shard, long nowMillis, long idleMillis);

    /** Keys that are due at a time, soonest first. */
    List<DueKey> due(int shard, long nowMillis, int limit);

    /** Data that no shard's current state refers to: to be purged by name. Cheap: it skips from incarnation to incarnation. */
    List<Orphan> orphans(int limit);

    @Override
    void close();
}
