package dev.quorate.store;

import com.google.protobuf.ByteString;
import dev.quorate.store.proto.ImportChunk;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.TailChange;
import dev.quorate.store.proto.TailEntry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The rows that a chunk of an import leaves. Rows and tail overlap: a row may come with a value that a later entry of the tail gives it too, or that an
 * entry of the tail takes back for a while. Each change is absolute and the tail comes in order, so that once it is complete every row is as the source
 * has it.
 *
 * <p>What the tail says of rows that have not come yet is left out: they come as they are after it ({@link ShardTransition#takes}). So there is nothing
 * where rows are put, and what is stored has to be read only for the tail.
 */
final class ImportedRows {
    private final Rows rows;
    private final int shard;
    private final long incarnation;

    private byte[] packed = new byte[0];
    private int[] places = {};

    /** The last row in the order of keys that the import has with these, as it travels; empty when it has none. */
    private ByteString lastRow = ByteString.EMPTY;

    /** By key, what the tail makes of a row: null where it is to go. */
    private final Map<ByteString, byte[]> tail = new LinkedHashMap<>();

    /** By key; what is stored, where the tail changes it. */
    private final Map<ByteString, byte[]> stored = new HashMap<>();

    private long digestChange;
    private boolean mayExpire;

    ImportedRows(Rows rows, int shard, long incarnation) {
        this.rows = rows;
        this.shard = shard;
        this.incarnation = incarnation;
    }

    /** Whatever a source sends is taken, so that only the digest decides: it can't stop the members that apply it, nor reach beyond the shard. */
    void take(ShardRecord importing, ImportChunk chunk) {
        packed = ShardTransition.rows(importing, chunk).toByteArray();
        places = PackedRows.placesIn(packed);
        lastRow = places.length == 0 ? importing.getResumeAfter() : PackedRows.lastKey(packed, places);
        takeTail(importing, chunk);
        Set<ByteString> fresh = new HashSet<>();
        PackedRows.visit(packed, places, (source, at, keySize, valueSize) -> {
            if (isChangedByTail(source, at, keySize)) {
                fresh.add(key(source, at, keySize));
            } else if (Keys.isMoving(source[PackedRows.keyAt(at)])) {
                digestChange += PackedRows.digest(source, at, keySize, valueSize);
                mayExpire |= Keys.isData(source[PackedRows.keyAt(at)])
                        && mayExpire(source, PackedRows.valueAt(at, keySize), valueSize);
            }
        });
        readStored(tail.keySet().stream().filter(Predicate.not(fresh::contains)).toList());
        tail.forEach((key, after) -> {
            digestChange += digest(key, after) - digest(key, stored.get(key));
            mayExpire |= after != null && Keys.isData(key.byteAt(0)) && mayExpire(after, 0, after.length);
        });
    }

    private void takeTail(ShardRecord importing, ImportChunk chunk) {
        if (chunk.getTailCount() == 0) {
            return;
        }
        boolean all = ShardTransition.hasAllRows(importing, chunk);
        for (TailEntry entry : chunk.getTailList()) {
            for (TailChange change : entry.getChangesList()) {
                ByteString key = change.getKey();
                boolean has =
                        all || ByteString.unsignedLexicographicalComparator().compare(key, lastRow) <= 0;
                if (has && !key.isEmpty() && Keys.isMoving(key.byteAt(0))) {
                    tail.put(key, change.hasValue() ? change.getValue().toByteArray() : null);
                }
            }
        }
    }

    private boolean isChangedByTail(byte[] source, int at, int keySize) {
        return !tail.isEmpty() && tail.containsKey(key(source, at, keySize));
    }

    private static ByteString key(byte[] source, int at, int keySize) {
        return ByteString.copyFrom(source, PackedRows.keyAt(at), keySize);
    }

    private void readStored(List<ByteString> keys) {
        List<byte[]> values = rows.multiGet(keys.stream().map(this::rowKey).toList());
        for (int i = 0; i < values.size(); i++) {
            stored.put(keys.get(i), values.get(i));
        }
    }

    private byte[] rowKey(ByteString moving) {
        return Keys.arrived(shard, incarnation, moving.toByteArray());
    }

    private static long digest(ByteString moving, byte[] value) {
        return value == null ? ShardDigest.EMPTY : ShardDigest.of(moving.toByteArray(), value);
    }

    /** Also what is not readable may. */
    private static boolean mayExpire(byte[] source, int valueAt, int valueSize) {
        return !StoredValue.isValid(source, valueAt, valueSize)
                || new StoredValue(source, valueAt, valueSize).expires();
    }

    ByteString lastRow() {
        return lastRow;
    }

    /** What the digest of all rows changes by. */
    long digestChange() {
        return digestChange;
    }

    /** Whether a key has a deadline, or is not readable. */
    boolean mayExpire() {
        return mayExpire;
    }

    /**
     * With the entries of deadlines, which do not travel.
     *
     * @param data where keys go that came with the rows
     */
    void writeTo(Rows.Batch batch, Rows.Puts data) {
        PackedRows.visit(packed, places, (source, at, keySize, valueSize) -> {
            if (Keys.isMoving(source[PackedRows.keyAt(at)]) && !isChangedByTail(source, at, keySize)) {
                byte[] key = Keys.arrived(shard, incarnation, source, PackedRows.keyAt(at), keySize);
                put(key, source, PackedRows.valueAt(at, keySize), valueSize, batch, Keys.isData(key) ? data : batch);
            }
        });
        tail.forEach((moving, after) -> {
            byte[] key = rowKey(moving);
            byte[] before = stored.get(moving);
            if (Keys.isData(key) && before != null && StoredValue.isValid(before)) {
                TouchedKeys.dropDeadline(key, new StoredValue(before), batch);
            }
            if (after == null) {
                batch.delete(key);
            } else {
                put(key, after, 0, after.length, batch, batch);
            }
        });
    }

    private static void put(
            byte[] key, byte[] source, int valueAt, int valueSize, Rows.Batch deadlines, Rows.Puts rows) {
        rows.put(key, source, valueAt, valueSize);
        if (Keys.isData(key) && StoredValue.isValid(source, valueAt, valueSize)) {
            TouchedKeys.putDeadline(key, new StoredValue(source, valueAt, valueSize), deadlines);
        }
    }
}
