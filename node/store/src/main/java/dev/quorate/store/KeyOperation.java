package dev.quorate.store;

import com.google.protobuf.ByteString;
import dev.quorate.store.proto.Delete;
import dev.quorate.store.proto.Increment;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import java.nio.charset.StandardCharsets;

/** What one operation does to its key: pure. */
final class KeyOperation {
    private KeyOperation() {}

    /** What becomes of the key. */
    sealed interface Outcome {
        /** The key gets this value. */
        record Write(StoredValue value, OperationResult result) implements Outcome {}

        /** The key goes. */
        record Remove(OperationResult result) implements Outcome {}

        /** The key stays as it is. */
        record Keep(OperationResult result) implements Outcome {}

        /** The command that the operation is part of can't be done. */
        record Refuse(String reason) implements Outcome {}
    }

    /** Whether what becomes of the key does not depend on what it holds. */
    static boolean isBlind(Operation operation) {
        Put put = operation.getPut();
        return operation.hasPut()
                && put.getCondition() == Put.Condition.ALWAYS
                && !put.getKeepDeadline()
                && !put.getReturnPrevious();
    }

    /**
     * @param live the key's value, null when absent or expired; any when the operation is blind
     * @param nextVersion version that a change of the key gets
     * @param clockMillis the shard's clock, from which a time to live counts
     */
    static Outcome apply(Operation operation, StoredValue live, long nextVersion, long clockMillis) {
        return switch (operation.getOperationCase()) {
            case PUT -> put(operation.getPut(), live, nextVersion, clockMillis);
            case DELETE -> delete(operation.getDelete(), live);
            case INCREMENT -> increment(operation.getIncrement(), live, nextVersion);
            case OPERATION_NOT_SET ->
                throw StoreException.corrupt(
                        "the log holds an operation that this version does not know: run at least the version that wrote it");
        };
    }

    private static Outcome put(Put put, StoredValue live, long nextVersion, long clockMillis) {
        if (put.getDeadlineMillis() < 0) {
            return new Outcome.Refuse("a deadline can't be negative");
        }
        if (put.getTtlMillis() < 0) {
            return new Outcome.Refuse("a time to live can't be negative");
        }
        if (!holds(put, live)) {
            return notApplied(live);
        }
        long deadlineMillis =
                put.getKeepDeadline() && live != null ? live.deadlineMillis() : deadline(put, clockMillis);
        StoredValue written = StoredValue.of(put.getValue(), nextVersion, deadlineMillis);
        Versioned previous = put.getReturnPrevious() && live != null ? live.versioned() : null;
        return new Outcome.Write(written, new OperationResult(true, written.written(), previous, 0));
    }

    private static long deadline(Put put, long clockMillis) {
        if (put.getTtlMillis() == 0) {
            return put.getDeadlineMillis();
        }
        return put.getTtlMillis() > Long.MAX_VALUE - clockMillis ? Long.MAX_VALUE : clockMillis + put.getTtlMillis();
    }

    private static boolean holds(Put put, StoredValue live) {
        return switch (put.getCondition()) {
            case ALWAYS -> true;
            case IF_ABSENT -> live == null;
            case IF_PRESENT -> live != null;
            case IF_VERSION -> put.getExpectedVersion() == (live == null ? 0 : live.version());
            case UNRECOGNIZED ->
                throw StoreException.corrupt(
                        "the log holds a condition that this version does not know: run at least the version that wrote it");
        };
    }

    private static Outcome delete(Delete delete, StoredValue live) {
        if (live == null || delete.getIfVersion() != 0 && delete.getIfVersion() != live.version()) {
            return notApplied(live);
        }
        Versioned previous = delete.getReturnPrevious() ? live.versioned() : null;
        return new Outcome.Remove(new OperationResult(true, null, previous, 0));
    }

    /** As Redis does it: decimal text of 64 bits with sign, absent counts as 0, the deadline stays. */
    private static Outcome increment(Increment increment, StoredValue live, long nextVersion) {
        long sum;
        try {
            sum = Math.addExact(live == null ? 0 : parse(live.value()), increment.getDelta());
        } catch (NumberFormatException e) {
            return new Outcome.Refuse("value is not an integer or out of range");
        } catch (ArithmeticException e) {
            return new Outcome.Refuse("increment or decrement would overflow");
        }
        StoredValue written = StoredValue.of(
                ByteString.copyFromUtf8(Long.toString(sum)), nextVersion, live == null ? 0 : live.deadlineMillis());
        return new Outcome.Write(written, new OperationResult(true, written.written(), null, sum));
    }

    /** Takes only the form that {@link Long#toString(long)} gives: no sign before a positive number, no spaces, no leading zeros. */
    private static long parse(byte[] value) {
        String text = value.length > 20 ? "" : new String(value, StandardCharsets.ISO_8859_1);
        long number = Long.parseLong(text);
        if (!Long.toString(number).equals(text)) {
            throw new NumberFormatException();
        }
        return number;
    }

    private static Outcome notApplied(StoredValue live) {
        Versioned current = live == null ? null : live.versioned();
        return new Outcome.Keep(new OperationResult(false, current, current, 0));
    }
}
