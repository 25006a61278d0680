package dev.quorate.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A value with its version and deadline. Stored as: format (1 byte), version (8), deadline (8), value. The value stays where it came from, in a row or in an
 * entry of the log, until somebody asks for a copy.
 */
final class StoredValue implements Rows.Content {
    private static final byte FORMAT = 1;
    private static final int VERSION_AT = 1;
    private static final int DEADLINE_AT = 9;
    private static final int HEADER_BYTES = 17;

    /** Stands for a value that nobody has read yet. */
    static final StoredValue UNREAD = new StoredValue(0, 0, new byte[0], 0, 0);

    private final long version;
    private final long deadlineMillis;
    private final byte[] source;
    private final int valueAt;
    private final int valueSizeBytes;

    /** @param source where the value is; nobody changes it */
    StoredValue(long version, long deadlineMillis, byte[] source, int valueAt, int valueSizeBytes) {
        this.version = version;
        this.deadlineMillis = deadlineMillis;
        this.source = source;
        this.valueAt = valueAt;
        this.valueSizeBytes = valueSizeBytes;
    }

    /** @param row the stored form; nobody changes it */
    StoredValue(byte[] row) {
        this(row, 0, row.length);
    }

    /** @param source where the stored form is; nobody changes it */
    StoredValue(byte[] source, int at, int sizeBytes) {
        if (!isValid(source, at, sizeBytes)) {
            throw StoreException.corrupt(
                    "a value has an unknown format: the data is damaged or was written by a newer version");
        }
        ByteBuffer header = ByteBuffer.wrap(source);
        version = header.getLong(at + VERSION_AT);
        deadlineMillis = header.getLong(at + DEADLINE_AT);
        this.source = source;
        valueAt = at + HEADER_BYTES;
        valueSizeBytes = sizeBytes - HEADER_BYTES;
    }

    static boolean isValid(byte[] bytes) {
        return isValid(bytes, 0, bytes.length);
    }

    static boolean isValid(byte[] source, int at, int sizeBytes) {
        return sizeBytes >= HEADER_BYTES && source[at] == FORMAT;
    }

    /** Null for null: what the rows answer for a key that is not there. */
    static StoredValue ofNullable(byte[] row) {
        return row == null ? null : new StoredValue(row);
    }

    @Override
    public int sizeBytes() {
        return HEADER_BYTES + valueSizeBytes;
    }

    @Override
    public void copyTo(byte[] target, int at) {
        target[at] = FORMAT;
        ByteBuffer.wrap(target).putLong(at + VERSION_AT, version).putLong(at + DEADLINE_AT, deadlineMillis);
        System.arraycopy(source, valueAt, target, at + HEADER_BYTES, valueSizeBytes);
    }

    long version() {
        return version;
    }

    /** Unix time of its expiry, 0 for never. */
    long deadlineMillis() {
        return deadlineMillis;
    }

    boolean expires() {
        return deadlineMillis != 0;
    }

    /** Whether it counts as absent by this clock. */
    boolean expiredAt(long clockMillis) {
        return isPast(deadlineMillis, clockMillis);
    }

    static boolean isPast(long deadlineMillis, long clockMillis) {
        return deadlineMillis != 0 && deadlineMillis <= clockMillis;
    }

    byte[] value() {
        return Arrays.copyOfRange(source, valueAt, valueAt + valueSizeBytes);
    }

    Versioned versioned() {
        return new Versioned(value(), version, deadlineMillis);
    }

    /** Without the value, for a caller that just wrote it. */
    Versioned written() {
        return new Versioned(null, version, deadlineMillis);
    }
}
