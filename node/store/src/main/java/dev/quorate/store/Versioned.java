package dev.quorate.store;

/**
 * A key's value as stored.
 *
 * @param version from the shard's counter, more than that of any earlier write to the shard
 * @param deadlineMillis Unix time at which it expires by the shard's clock, 0 for never
 */
public record Versioned(byte[] value, long version, long deadlineMillis) {}
