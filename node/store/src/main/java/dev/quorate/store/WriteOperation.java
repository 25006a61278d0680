package dev.quorate.store;

import com.google.protobuf.CodedInputStream;
import dev.quorate.store.proto.Delete;
import dev.quorate.store.proto.Increment;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import java.io.IOException;

/** One operation of a write, read in place: its key and value are where the entry has them, in bytes that nobody changes. */
final class WriteOperation {
    /** What it does; an operation that this version does not know has none. */
    enum Kind {
        PUT,
        DELETE,
        INCREMENT
    }

    private final byte[] entry;
    private Kind kind;
    private int keyAt;
    private int keySize;
    private int valueAt;
    private int valueSize;
    private Put.Condition condition = Put.Condition.ALWAYS;
    /** Of a put with a condition on it, or of a delete. */
    private long expectedVersion;

    private long deadlineMillis;
    private long ttlMillis;
    private boolean keepsDeadline;
    private boolean returnsPrevious;
    private long delta;

    private WriteOperation(byte[] entry) {
        this.entry = entry;
    }

    /** Reads an {@link Operation}, up to the input's limit. */
    static WriteOperation read(CodedInputStream in, byte[] entry) throws IOException {
        WriteOperation operation = new WriteOperation(entry);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag >>> 3) {
                case Operation.KEY_FIELD_NUMBER -> {
                    operation.keySize = in.readRawVarint32();
                    operation.keyAt = in.getTotalBytesRead();
                    in.skipRawBytes(operation.keySize);
                }
                case Operation.PUT_FIELD_NUMBER -> operation.readAs(Kind.PUT, in);
                case Operation.DELETE_FIELD_NUMBER -> operation.readAs(Kind.DELETE, in);
                case Operation.INCREMENT_FIELD_NUMBER -> operation.readAs(Kind.INCREMENT, in);
                default -> in.skipField(tag);
            }
        }
        return operation;
    }

    private void readAs(Kind what, CodedInputStream in) throws IOException {
        kind = what;
        int limit = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (what) {
                case PUT -> readOfPut(tag, in);
                case DELETE -> readOfDelete(tag, in);
                case INCREMENT -> readOfIncrement(tag, in);
            }
        }
        in.popLimit(limit);
    }

    private void readOfPut(int tag, CodedInputStream in) throws IOException {
        switch (tag >>> 3) {
            case Put.VALUE_FIELD_NUMBER -> {
                valueSize = in.readRawVarint32();
                valueAt = in.getTotalBytesRead();
                in.skipRawBytes(valueSize);
            }
            case Put.CONDITION_FIELD_NUMBER -> condition = Put.Condition.forNumber(in.readEnum());
            case Put.EXPECTED_VERSION_FIELD_NUMBER -> expectedVersion = in.readInt64();
            case Put.DEADLINE_MILLIS_FIELD_NUMBER -> deadlineMillis = in.readInt64();
            case Put.KEEP_DEADLINE_FIELD_NUMBER -> keepsDeadline = in.readBool();
            case Put.RETURN_PREVIOUS_FIELD_NUMBER -> returnsPrevious = in.readBool();
            case Put.TTL_MILLIS_FIELD_NUMBER -> ttlMillis = in.readInt64();
            default -> in.skipField(tag);
        }
    }

    private void readOfDelete(int tag, CodedInputStream in) throws IOException {
        switch (tag >>> 3) {
            case Delete.IF_VERSION_FIELD_NUMBER -> expectedVersion = in.readInt64();
            case Delete.RETURN_PREVIOUS_FIELD_NUMBER -> returnsPrevious = in.readBool();
            default -> in.skipField(tag);
        }
    }

    private void readOfIncrement(int tag, CodedInputStream in) throws IOException {
        if (tag >>> 3 == Increment.DELTA_FIELD_NUMBER) {
            delta = in.readInt64();
        } else {
            in.skipField(tag);
        }
    }

    /** @throws StoreException of kind CORRUPT when this version does not know it */
    Kind kind() {
        if (kind == null) {
            throw unknown("an operation");
        }
        return kind;
    }

    /** @throws StoreException of kind CORRUPT when this version does not know it */
    Put.Condition condition() {
        if (condition == null) {
            throw unknown("a condition");
        }
        return condition;
    }

    private static StoreException unknown(String what) {
        return StoreException.corrupt(
                "the log holds " + what + " that this version does not know: run at least the version that wrote it");
    }

    /** Whether what becomes of the key does not depend on what it holds. */
    boolean isBlind() {
        return kind == Kind.PUT && condition == Put.Condition.ALWAYS && !keepsDeadline && !returnsPrevious;
    }

    byte[] dataKey(int shard, long incarnation) {
        return Keys.data(shard, incarnation, entry, keyAt, keySize);
    }

    /** The value that a put writes. */
    StoredValue value(long version, long deadlineMillis) {
        return new StoredValue(version, deadlineMillis, entry, valueAt, valueSize);
    }

    long expectedVersion() {
        return expectedVersion;
    }

    long deadlineMillis() {
        return deadlineMillis;
    }

    long ttlMillis() {
        return ttlMillis;
    }

    boolean keepsDeadline() {
        return keepsDeadline;
    }

    boolean returnsPrevious() {
        return returnsPrevious;
    }

    long delta() {
        return delta;
    }
}
