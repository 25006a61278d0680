package dev.quorate.server.snapshot;

import java.util.UUID;

/**
 * A snapshot that a leader wants brought to a member.
 *
 * @param to the member
 * @param leader who wants it, and whom the member will answer
 * @param raftTerm the leader's
 * @param minIndex the snapshot is at this index or later
 */
record Delivery(UUID to, UUID leader, long raftTerm, long minIndex) {}
