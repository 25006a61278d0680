package dev.quorate.raft;

/**
 * What the core knows of a snapshot (§7); its data travels outside the core.
 *
 * @param index last entry the snapshot replaces (lastIncludedIndex)
 * @param term term of that entry (lastIncludedTerm)
 * @param membership the group's members as of that entry
 */
public record SnapshotMeta(long index, long term, Membership membership) {}
