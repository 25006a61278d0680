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
    private static final int FIRST_PLACES = 1 << 10;
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

    /** Adds a row that is packed already. */
    void add(byte[] source, int row, int keySize, int valueSize) {
        int rowBytes = SIZES_BYTES + keySize + valueSize;
        if (size + rowBytes > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + rowBytes, 2 * bytes.length));
        }
        System.arraycopy(source, row, bytes, size, rowBytes);
        size += rowBytes;
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
        visit(rows, placesIn(rows), visitor);
    }

    /** Where rows begin, in order: to look for them costs more than to visit them, so who visits them again and again does it once. */
    static int[] placesIn(byte[] rows) {
        ByteBuffer buffer = ByteBuffer.wrap(rows);
        int[] places = new int[FIRST_PLACES];
        int count = 0;
        for (int at = 0; isRow(buffer, at) && (at == 0 || ascends(buffer, places[count - 1], at)); ) {
            if (count == places.length) {
                places = Arrays.copyOf(places, 2 * count);
            }
            places[count++] = at;
            at = valueAt(at, buffer.getInt(at + 4)) + buffer.getInt(at);
        }
        return Arrays.copyOf(places, count);
    }

    static void visit(byte[] rows, int[] places, Visitor visitor) {
        ByteBuffer buffer = ByteBuffer.wrap(rows);
        for (int at : places) {
            visitor.row(rows, at, buffer.getInt(at + 4), buffer.getInt(at));
        }
    }

    /** The key of the first row, as it travels; empty when there is none. */
    static ByteString firstKey(ByteString rows) {
        ByteBuffer buffer = rows.asReadOnlyByteBuffer().slice();
        return isRow(buffer, 0) ? rows.substring(keyAt(0), valueAt(0, buffer.getInt(4))) : ByteString.EMPTY;
    }

    /** The key of the last row, as it travels; empty when there is none. */
    public static ByteString lastKey(ByteString rows) {
        byte[] bytes = rows.toByteArray();
        return lastKey(bytes, placesIn(bytes));
    }

    static ByteString lastKey(byte[] rows, int[] places) {
        if (places.length == 0) {
            return ByteString.EMPTY;
        }
        int last = places[places.length - 1];
        return ByteString.copyFrom(rows, keyAt(last), ByteBuffer.wrap(rows).getInt(last + 4));
    }

    private static boolean ascends(ByteBuffer rows, int row, int next) {
        byte[] bytes = rows.array();
        int keyEnd = valueAt(row, rows.getInt(row + 4));
        int nextKeyEnd = valueAt(next, rows.getInt(next + 4));
        return Arrays.compareUnsigned(bytes, keyAt(row), keyEnd, bytes, keyAt(next), nextKeyEnd) < 0;
    }

    private static boolean isRow(ByteBuffer rows, int at) {
        if (rows.limit() - at < SIZES_BYTES) {
            return false;
        }
        int valueSize = rows.getInt(at);
        int keySize = rows.getInt(at + 4);
        return valueSize >= 0 && keySize > 0 && (long) keySize + valueSize <= rows.limit() - at - SIZES_BYTES;
    }
}
