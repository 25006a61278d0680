package dev.quorate.store;

import dev.quorate.store.proto.Row;
import java.util.List;

/**
 * Part of a shard on its way to another group.
 *
 * @param rows in key order
 * @param last whether nothing follows them
 */
public record ShardChunk(List<Row> rows, boolean last) {
    public ShardChunk {
        rows = List.copyOf(rows);
    }
}
