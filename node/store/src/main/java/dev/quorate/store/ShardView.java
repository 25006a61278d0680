package dev.quorate.store;

import dev.quorate.store.proto.ShardRecord;

/**
 * What this group's replicated state says of a shard.
 *
 * @param shard its number
 * @param record its record; state NONE when the group never had it
 */
public record ShardView(int shard, ShardRecord record) {
    /** Whether the group serves it. */
    public boolean owned() {
        return ShardTransition.serves(record);
    }
}
