package dev.quorate.store;

/** A view that also shows all rows of the one shard that it was taken for, its sessions too: for copies, digests and the eviction of sessions. */
public interface RowsView extends StoreView {
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
}
