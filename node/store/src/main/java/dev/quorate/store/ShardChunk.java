package dev.quorate.store;

import com.google.protobuf.ByteString;

/**
 * Part of a shard on its way to another group.
 *
 * @param rows in key order, as {@link PackedRows} has them
 * @param last whether nothing follows them
 */
public record ShardChunk(ByteString rows, boolean last) {}
