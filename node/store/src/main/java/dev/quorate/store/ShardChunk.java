package dev.quorate.store;

import dev.quorate.store.proto.Record;
import java.util.List;

/**
 * Part of a shard on its way to another group.
 *
 * @param records in key order
 * @param last whether nothing follows them
 */
public record ShardChunk(List<Record> records, boolean last) {
    public ShardChunk {
        records = List.copyOf(records);
    }
}
