package dev.quorate.store;

import com.google.protobuf.ByteString;
import dev.quorate.store.proto.KeptOperation;
import dev.quorate.store.proto.KeptResult;
import dev.quorate.store.proto.KeptVersion;

/** Results of writes in the form in which sessions keep them. */
final class KeptResults {
    /** Of a result, and of each operation in it, without values. */
    private static final int RESULT_BYTES = 64;

    private KeptResults() {}

    static KeptResult of(long sequence, ApplyResult result) {
        KeptResult.Builder kept = KeptResult.newBuilder().setSequence(sequence);
        switch (result) {
            case ApplyResult.Written(var operations) ->
                operations.forEach(operation -> kept.addOperations(keep(operation)));
            case ApplyResult.Rejected(String reason) -> kept.setRejection(reason);
            default -> throw new IllegalArgumentException("a write came out as " + result);
        }
        return kept.build();
    }

    /** What a result takes in memory, about; the same on every replica, since it decides how many a session may keep. */
    static int sizeBytes(ApplyResult result) {
        return switch (result) {
            case ApplyResult.Written(var operations) -> {
                int sizeBytes = RESULT_BYTES;
                for (int i = 0; i < operations.size(); i++) {
                    OperationResult operation = operations.get(i);
                    sizeBytes += RESULT_BYTES + valueBytes(operation.current()) + valueBytes(operation.previous());
                }
                yield sizeBytes;
            }
            case ApplyResult.Rejected(String reason) -> RESULT_BYTES + reason.length();
            default -> throw new IllegalArgumentException("a write came out as " + result);
        };
    }

    private static int valueBytes(Versioned versioned) {
        return versioned == null || versioned.value() == null ? 0 : versioned.value().length;
    }

    private static KeptOperation keep(OperationResult result) {
        KeptOperation.Builder kept =
                KeptOperation.newBuilder().setApplied(result.applied()).setNumber(result.number());
        if (result.current() != null) {
            kept.setCurrent(keep(result.current()));
        }
        if (result.previous() != null) {
            kept.setPrevious(keep(result.previous()));
        }
        return kept.build();
    }

    private static KeptVersion keep(Versioned versioned) {
        KeptVersion.Builder kept =
                KeptVersion.newBuilder().setVersion(versioned.version()).setDeadlineMillis(versioned.deadlineMillis());
        if (versioned.value() != null) {
            kept.setValue(ByteString.copyFrom(versioned.value()));
        }
        return kept.build();
    }

    static ApplyResult toApplyResult(KeptResult kept) {
        if (!kept.getRejection().isEmpty()) {
            return new ApplyResult.Rejected(kept.getRejection());
        }
        return new ApplyResult.Written(
                kept.getOperationsList().stream().map(KeptResults::restore).toList());
    }

    private static OperationResult restore(KeptOperation kept) {
        return new OperationResult(
                kept.getApplied(),
                kept.hasCurrent() ? restore(kept.getCurrent()) : null,
                kept.hasPrevious() ? restore(kept.getPrevious()) : null,
                kept.getNumber());
    }

    private static Versioned restore(KeptVersion kept) {
        byte[] value = kept.hasValue() ? kept.getValue().toByteArray() : null;
        return new Versioned(value, kept.getVersion(), kept.getDeadlineMillis());
    }
}
