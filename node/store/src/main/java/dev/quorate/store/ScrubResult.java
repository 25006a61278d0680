package dev.quorate.store;

/**
 * What a replica holds of a shard at an index. Replicas that applied the same entries have the same digest.
 *
 * @param index of the {@code Scrub} command in the log
 * @param digest of the shard's record and of all its rows: keys, deadlines, sessions and their results
 * @param sizeBytes of the rows read
 * @param damage null, or why the rows could not be read: then the digest means nothing
 */
public record ScrubResult(long index, int shard, long digest, long sizeBytes, String damage) {}
