package dev.quorate.store;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A value in its stored form: format (1 byte), version (8), deadline (8), value. Reads what it is asked for and copies the value only then.
 *
 * @param bytes the stored form; nobody changes it
 */
record StoredValue(byte[] bytes) {
    private static final byte FORMAT = 1;
    private static final int VERSION_AT = 1;
    private static final int DEADLINE_AT = 9;
    private static final int HEADER_BYTES = 17;

    /** Stands for a value that nobody has read yet. */
    static final StoredValue UNREAD = of(ByteString.EMPTY, 0, 0);

    StoredValue {
        if (!isValid(bytes)) {
            throw StoreException.corrupt(
                    "a value has an unknown format: the data is damaged or was written by a newer version");
        }
    }

    static boolean isValid(byte[] bytes) {
        return bytes.length >= HEADER_BYTES && bytes[0] == FORMAT;
    }

    /** Null for null: what RocksDB answers for a key that is not there. */
    static StoredValue ofNullable(byte[] bytes) {
        return bytes == null ? null : new StoredValue(bytes);
    }

    static StoredValue of(ByteString value, long version, long deadlineMillis) {
        byte[] bytes = new byte[HEADER_BYTES + value.size()];
        bytes[0] = FORMAT;
        ByteBuffer.wrap(bytes).putLong(VERSION_AT, version).putLong(DEADLINE_AT, deadlineMillis);
        value.copyTo(bytes, HEADER_BYTES);
        return new StoredValue(bytes);
    }

    long version() {
        return ByteBuffer.wrap(bytes).getLong(VERSION_AT);
    }

    /** Unix time of its expiry, 0 for never. */
    long deadlineMillis() {
        return ByteBuffer.wrap(bytes).getLong(DEADLINE_AT);
    }

    boolean expires() {
        return deadlineMillis() != 0;
    }

    /** Whether it counts as absent by this clock. */
    boolean expiredAt(long clockMillis) {
        return isPast(deadlineMillis(), clockMillis);
    }

    static boolean isPast(long deadlineMillis, long clockMillis) {
        return deadlineMillis != 0 && deadlineMillis <= clockMillis;
    }

    byte[] value() {
        return Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length);
    }

    ByteBuffer valueBuffer() {
        return ByteBuffer.wrap(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
    }

    int valueSizeBytes() {
        return bytes.length - HEADER_BYTES;
    }

    Versioned versioned() {
        return new Versioned(value(), version(), deadlineMillis());
    }

    /** Without the value, for a caller that just wrote it. */
    Versioned written() {
        return new Versioned(null, version(), deadlineMillis());
    }
}
