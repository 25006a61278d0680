package dev.quorate.store;

import com.google.protobuf.ByteString;
import dev.quorate.store.proto.ImportChunk;
import dev.quorate.store.proto.Row;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.TailChange;
import dev.quorate.store.proto.TailEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows that a chunk of an import leaves. Rows and tail overlap: a row may come with a value that a later entry of the tail gives it too, or that an
 * entry of the tail takes back for a while. Each change is absolute and the tail comes in order, so that once it is complete every row is as the source
 * has it.
 *
 * <p>What the tail says of rows that have not come yet is left out: they come as they are after it ({@link ShardTransition#takes}). So there is nothing
 * where rows are put, and what is stored has to be read only for the tail.
 */
final class ImportedRows {
    private static final Comparator<ByteString> IN_ORDER = ByteString.unsignedLexicographicalComparator();

    private final Rows rows;
    private final int shard;
    private final long incarnation;

    /** By key; what is stored, where the tail changes it. */
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
    void take(ShardRecord importing, ImportChunk chunk) {
        for (Row row : chunk.getRowsList()) {
            set(row.getKey(), row.getValue().toByteArray());
        }
        boolean all = ShardTransition.hasAllRows(importing, chunk);
        ByteString last = ShardTransition.lastRow(importing, chunk);
        Set<ByteString> old = new HashSet<>();
        for (TailEntry entry : chunk.getTailList()) {
            for (TailChange change : entry.getChangesList()) {
                if (all || IN_ORDER.compare(change.getKey(), last) <= 0) {
                    if (!current.containsKey(change.getKey()) && Keys.isMoving(change.getKey())) {
                        old.add(change.getKey());
                    }
                    set(change.getKey(), change.hasValue() ? change.getValue().toByteArray() : null);
                }
            }
        }
        readStored(List.copyOf(old));
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

    private void readStored(List<ByteString> moving) {
        List<byte[]> values = rows.multiGet(moving.stream().map(this::rowKey).toList());
        for (int i = 0; i < values.size(); i++) {
            stored.put(moving.get(i), values.get(i));
        }
    }

    private byte[] rowKey(ByteString moving) {
        return Keys.arrived(shard, incarnation, moving.toByteArray());
    }

    private static long digest(ByteString moving, byte[] value) {
        return value == null ? ShardDigest.EMPTY : ShardDigest.of(moving.toByteArray(), value);
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
