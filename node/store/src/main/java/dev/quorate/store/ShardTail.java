package dev.quorate.store;

import dev.quorate.store.proto.TailEntry;
import java.util.List;

/**
 * What entries changed in a shard that is being copied.
 *
 * @param entries in the order of the log
 * @param last whether nothing follows them as of now
 */
public record ShardTail(List<TailEntry> entries, boolean last) {
    public ShardTail {
        entries = List.copyOf(entries);
    }
}
