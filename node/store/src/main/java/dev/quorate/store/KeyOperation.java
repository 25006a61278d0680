package dev.quorate.store;

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

    /**
     * @param live the key's value, null when absent or expired; any when the operation is blind
     * @param nextVersion version that a change of the key gets
     * @param clockMillis the shard's clock, from which a time to live counts
     */
    static Outcome apply(WriteOperation operation, StoredValue live, long nextVersion, long clockMillis) {
        return switch (operation.kind()) {
            case PUT -> put(operation, live, nextVersion, clockMillis);
            case DELETE -> delete(operation, live);
            case INCREMENT -> increment(operation.delta(), live, nextVersion);
        };
    }

    private static Outcome put(WriteOperation put, StoredValue live, long nextVersion, long clockMillis) {
        if (put.deadlineMillis() < 0) {
            return new Outcome.Refuse("a deadline can't be negative");
        }
        if (put.ttlMillis() < 0) {
            return new Outcome.Refuse("a time to live can't be negative");
        }
        if (!holds(put, live)) {
            return notApplied(live);
        }
        long deadlineMillis = put.keepsDeadline() && live != null ? live.deadlineMillis() : deadline(put, clockMillis);
        StoredValue written = put.value(nextVersion, deadlineMillis);
        Versioned previous = put.returnsPrevious() && live != null ? live.versioned() : null;
        return new Outcome.Write(written, new OperationResult(true, written.written(), previous, 0));
    }

    private static long deadline(WriteOperation put, long clockMillis) {
        if (put.ttlMillis() == 0) {
            return put.deadlineMillis();
        }
        return put.ttlMillis() > Long.MAX_VALUE - clockMillis ? Long.MAX_VALUE : clockMillis + put.ttlMillis();
    }

    private static boolean holds(WriteOperation put, StoredValue live) {
        return switch (put.condition()) {
            case ALWAYS -> true;
            case IF_ABSENT -> live == null;
            case IF_PRESENT -> live != null;
            case IF_VERSION -> put.expectedVersion() == (live == null ? 0 : live.version());
            case UNRECOGNIZED -> throw new IllegalStateException("no condition that was read is UNRECOGNIZED");
        };
    }

    private static Outcome delete(WriteOperation delete, StoredValue live) {
        if (live == null || delete.expectedVersion() != 0 && delete.expectedVersion() != live.version()) {
            return notApplied(live);
        }
        Versioned previous = delete.returnsPrevious() ? live.versioned() : null;
        return new Outcome.Remove(new OperationResult(true, null, previous, 0));
    }

    /** As Redis does it: decimal text of 64 bits with sign, absent counts as 0, the deadline stays. */
    private static Outcome increment(long delta, StoredValue live, long nextVersion) {
        long sum;
        try {
            sum = Math.addExact(live == null ? 0 : parse(live.value()), delta);
        } catch (NumberFormatException e) {
            return new Outcome.Refuse("value is not an integer or out of range");
        } catch (ArithmeticException e) {
            return new Outcome.Refuse("increment or decrement would overflow");
        }
        byte[] text = Long.toString(sum).getBytes(StandardCharsets.ISO_8859_1);
        StoredValue written =
                new StoredValue(nextVersion, live == null ? 0 : live.deadlineMillis(), text, 0, text.length);
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
