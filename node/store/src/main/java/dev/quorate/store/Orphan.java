package dev.quorate.store;

/**
 * Data that belongs to no shard's current incarnation: what a hand-over left behind and no one purged yet.
 */
public record Orphan(int shard, long incarnation) {}
