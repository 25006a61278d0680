package dev.quorate.store;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A row on its way to another group.
 *
 * @param key as it travels
 * @param value as it is stored
 */
record Row(ByteString key, ByteString value) {
    /** As {@link PackedRows} tells. */
    static ByteString pack(List<Row> rows) {
        return rows.stream().map(Row::packed).reduce(ByteString.EMPTY, ByteString::concat);
    }

    private ByteString packed() {
        ByteBuffer sizes =
                ByteBuffer.allocate(8).putInt(value.size()).putInt(key.size()).flip();
        return ByteString.copyFrom(sizes).concat(key).concat(value);
    }

    static List<Row> unpack(ByteString packed) {
        List<Row> rows = new ArrayList<>();
        PackedRows.visit(
                packed.toByteArray(),
                (source, at, keySize, valueSize) -> rows.add(new Row(
                        ByteString.copyFrom(source, PackedRows.keyAt(at), keySize),
                        ByteString.copyFrom(source, PackedRows.valueAt(at, keySize), valueSize))));
        return rows;
    }

    long digest() {
        return ShardDigest.of(key.toByteArray(), value.toByteArray());
    }
}
