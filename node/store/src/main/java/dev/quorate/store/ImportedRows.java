package dev.quorate.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.store.proto.ImportChunk;
import dev.quorate.store.proto.Row;
import dev.quorate.store.proto.TailChange;
import dev.quorate.store.proto.TailEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows that a chunk of an import leaves. Rows and tail overlap: a row may come with a value that a later entry of the tail gives it too, or that an
 * entry of the tail takes back for a while. Each change is absolute and the tail comes in order, so that once it is complete every row is as the source
 * has it.
 */
final class ImportedRows {
    private final Rows rows;
    private final int shard;
    private final long incarnation;

    /** By key; what is stored, null where nothing is. */
    private final Map<ByteString, byte[]> stored = new HashMap<>();

    /** By key; null where the row is to go. */
    private final Map<ByteString, byte[]> current = new HashMap<>();

    private long digestChange;
    private boolean mayExpire;

    ImportedRows(Rows rows, int shard, long incarnation) {
        this.rows = rows;
        this.shard = shard;
        this.incarnation = incarnation;
    }

    /** Whatever a source sends is taken, so that only the digest decides: it can't stop the members that apply it, nor reach beyond the shard. */
    void take(ImportChunk chunk) {
        for (Row row : chunk.getRowsList()) {
            set(row.getKey(), row.getValue().toByteArray());
        }
        for (TailEntry entry : chunk.getTailList()) {
            for (TailChange change : entry.getChangesList()) {
                set(change.getKey(), change.hasValue() ? change.getValue().toByteArray() : null);
            }
        }
        readStored();
        current.forEach((key, after) -> {
            byte[] before = stored.get(key);
            digestChange += digest(key, after) - digest(key, before);
            mayExpire |= after != null && isKey(key) && !(StoredValue.isValid(after) && !expires(after));
        });
    }

    private void set(ByteString moving, byte[] value) {
        if (Keys.isMoving(moving)) {
            current.put(moving, value);
        }
    }

    private void readStored() {
        List<ByteString> moving = new ArrayList<>(current.keySet());
        List<byte[]> values = rows.multiGet(moving.stream().map(this::rowKey).toList());
        for (int i = 0; i < values.size(); i++) {
            stored.put(moving.get(i), values.get(i));
        }
    }

    private byte[] rowKey(ByteString moving) {
        return Keys.arrived(shard, incarnation, moving.toByteArray());
    }

    private static long digest(ByteString moving, byte[] value) {
        return value == null
                ? ShardDigest.EMPTY
                : ShardDigest.of(Row.newBuilder()
                        .setKey(moving)
                        .setValue(UnsafeByteOperations.unsafeWrap(value))
                        .build());
    }

    private static boolean isKey(ByteString moving) {
        return Keys.isData(moving.toByteArray());
    }

    private static boolean expires(byte[] value) {
        return StoredValue.isValid(value) && new StoredValue(value).expires();
    }

    /** What the digest of all rows changes by. */
    long digestChange() {
        return digestChange;
    }

    /** Whether a key has a deadline, or is not readable. */
    boolean mayExpire() {
        return mayExpire;
    }

    /** What is to be written, without what follows from it. */
    List<RowChange> changes() {
        List<RowChange> changes = new ArrayList<>(current.size());
        current.forEach((key, after) -> changes.add(new RowChange(rowKey(key), stored.get(key), after)));
        return changes;
    }
}
