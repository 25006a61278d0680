package dev.quorate.store;

/**
 * What a store may use. Memory is at most about {@code blockCacheBytes + writeBufferBytes * (writeBuffers + 1)}.
 *
 * @param blockCacheBytes cache of uncompressed blocks, with their indexes and filters
 * @param writeBufferBytes what is gathered in memory before it is flushed, about; the Raft log is kept at least as far back
 * @param writeBuffers write buffers filled or being flushed at a time; writes wait when all are
 * @param openFiles files that RocksDB holds open
 * @param scrubBytesPerSecond most that is read to compare replicas
 */
public record StoreOptions(
        long blockCacheBytes, long writeBufferBytes, int writeBuffers, int openFiles, long scrubBytesPerSecond) {
    /** At most about 160 MiB, most of it only under load: a buffer that fills in a second is written many times over by compactions. */
    public static StoreOptions defaults() {
        return new StoreOptions(64L << 20, 32L << 20, 2, 256, 16L << 20);
    }
}
