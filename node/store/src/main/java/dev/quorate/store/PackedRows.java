package dev.quorate.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Rows of a shard on their way to another group, one behind the other. Nobody between the source's snapshot and the target's batch takes them apart: to make an
 * object of each row at every stop would cost more than to store it.
 *
 * <p>A row is the size of its value and that of its key, 4 bytes each, big-endian; then its key, as it travels (the kind of row, and what follows the
 * incarnation); then its value, as it is stored. Rows are in the order of keys. Where the bytes make no sense or the order ends the rows end: what is missing
 * shows in the digest.
 */
public final class PackedRows {
    private static final int SIZES_BYTES = 8;
    private static final int END = -1;
    private static final int FIRST_BYTES = 4 << 10;

    private byte[] bytes;
    private int size;

    PackedRows() {
        this(FIRST_BYTES);
    }

    /** @param expectedBytes what will be added, about */
    PackedRows(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    /** Visits rows; they are where {@code source} is, and nobody changes it. */
    interface Visitor {
        /** @param at the row's place, for its digest */
        void row(byte[] source, int at, int keySize, int valueSize);
    }

    /** @param rowKey as it is stored */
    void add(byte[] rowKey, byte[] value) {
        int keySize = Keys.movingSize(rowKey);
        int needed = size + SIZES_BYTES + keySize + value.length;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
        }
        ByteBuffer.wrap(bytes).putInt(size, value.length).putInt(size + 4, keySize);
        Keys.copyMoving(rowKey, bytes, size + SIZES_BYTES);
        System.arraycopy(value, 0, bytes, size + SIZES_BYTES + keySize, value.length);
        size = needed;
    }

    /** Nothing is added after that. */
    ByteString toBytes() {
        return UnsafeByteOperations.unsafeWrap(bytes, 0, size);
    }

    static int keyAt(int row) {
        return row + SIZES_BYTES;
    }

    static int valueAt(int row, int keySize) {
        return row + SIZES_BYTES + keySize;
    }

    static long digest(byte[] source, int row, int keySize, int valueSize) {
        return ShardDigest.ofSizedKeyAndValue(source, row + 4, 4 + keySize + valueSize);
    }

    static void visit(byte[] rows, Visitor visitor) {
        ByteBuffer buffer = ByteBuffer.wrap(rows);
        for (int at = first(buffer); at != END; at = next(buffer, at)) {
            visitor.row(rows, at, buffer.getInt(at + 4), buffer.getInt(at));
        }
    }

    /** The key of the first row, as it travels; empty when there is none. */
    static ByteString firstKey(ByteString rows) {
        ByteBuffer buffer = rows.asReadOnlyByteBuffer().slice();
        return key(rows, buffer, first(buffer));
    }

    /** The key of the last row, as it travels; empty when there is none. */
    public static ByteString lastKey(ByteString rows) {
        ByteBuffer buffer = rows.asReadOnlyByteBuffer().slice();
        int last = END;
        for (int at = first(buffer); at != END; at = next(buffer, at)) {
            last = at;
        }
        return key(rows, buffer, last);
    }

    private static ByteString key(ByteString rows, ByteBuffer buffer, int row) {
        return row == END ? ByteString.EMPTY : rows.substring(keyAt(row), valueAt(row, buffer.getInt(row + 4)));
    }

    private static int first(ByteBuffer rows) {
        return isRow(rows, 0) ? 0 : END;
    }

    private static int next(ByteBuffer rows, int row) {
        int next = row + sizeBytes(rows, row);
        return isRow(rows, next) && ascends(rows, row, next) ? next : END;
    }

    private static boolean ascends(ByteBuffer rows, int row, int next) {
        ByteBuffer key = rows.slice(keyAt(row), rows.getInt(row + 4));
        ByteBuffer nextKey = rows.slice(keyAt(next), rows.getInt(next + 4));
        int at = key.mismatch(nextKey);
        return at == key.limit()
                || at >= 0 && at < nextKey.limit() && Byte.compareUnsigned(key.get(at), nextKey.get(at)) < 0;
    }

    private static boolean isRow(ByteBuffer rows, int at) {
        if (rows.limit() - at < SIZES_BYTES) {
            return false;
        }
        int valueSize = rows.getInt(at);
        int keySize = rows.getInt(at + 4);
        return valueSize >= 0 && keySize > 0 && (long) keySize + valueSize <= rows.limit() - at - SIZES_BYTES;
    }

    private static int sizeBytes(ByteBuffer rows, int at) {
        return SIZES_BYTES + rows.getInt(at) + rows.getInt(at + 4);
    }
}
