package dev.quorate.sim.model;

import com.google.protobuf.ByteString;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.OperationResult;
import dev.quorate.store.Versioned;
import dev.quorate.store.proto.Delete;
import dev.quorate.store.proto.Increment;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import dev.quorate.store.proto.WriteCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The keys of one shard, without expiry: conditional puts, deletes and increments, and the version that each change takes. */
public final class KeyValueModel {
    private final TreeMap<String, Versioned> keys;
    private long lastVersion;

    public KeyValueModel() {
        this(new TreeMap<>(), 0);
    }

    private KeyValueModel(TreeMap<String, Versioned> keys, long lastVersion) {
        this.keys = keys;
        this.lastVersion = lastVersion;
    }

    public KeyValueModel copy() {
        return new KeyValueModel(new TreeMap<>(keys), lastVersion);
    }

    /** The key's value, or null. */
    public Versioned get(String key) {
        return keys.get(key);
    }

    /** All or none of the command's operations take effect. */
    public ApplyResult apply(WriteCommand command) {
        KeyValueModel next = command.getOperationsCount() == 1 ? this : copy();
        List<OperationResult> results = new ArrayList<>();
        for (Operation operation : command.getOperationsList()) {
            OperationResult result = next.apply(operation);
            if (result == null) {
                return new ApplyResult.Rejected("refused");
            }
            results.add(result);
        }
        if (next != this) {
            keys.clear();
            keys.putAll(next.keys);
            lastVersion = next.lastVersion;
        }
        return new ApplyResult.Written(results);
    }

    private OperationResult apply(Operation operation) {
        String key = operation.getKey().toStringUtf8();
        Versioned live = keys.get(key);
        return switch (operation.getOperationCase()) {
            case PUT -> put(key, operation.getPut(), live);
            case DELETE -> delete(key, operation.getDelete(), live);
            case INCREMENT -> increment(key, operation.getIncrement(), live);
            case OPERATION_NOT_SET -> throw new IllegalArgumentException("no operation");
        };
    }

    private OperationResult put(String key, Put put, Versioned live) {
        boolean holds = switch (put.getCondition()) {
            case ALWAYS -> true;
            case IF_ABSENT -> live == null;
            case IF_PRESENT -> live != null;
            case IF_VERSION -> put.getExpectedVersion() == (live == null ? 0 : live.version());
            case UNRECOGNIZED -> throw new IllegalArgumentException("no such condition");
        };
        if (!holds) {
            return new OperationResult(false, live, live, 0);
        }
        return written(key, put.getValue(), put.getReturnPrevious() ? live : null, 0);
    }

    private OperationResult delete(String key, Delete delete, Versioned live) {
        if (live == null || delete.getIfVersion() != 0 && delete.getIfVersion() != live.version()) {
            return new OperationResult(false, live, live, 0);
        }
        keys.remove(key);
        lastVersion++;
        return new OperationResult(true, null, delete.getReturnPrevious() ? live : null, 0);
    }

    /** Null when the value is no number. */
    private OperationResult increment(String key, Increment increment, Versioned live) {
        String text = live == null ? "0" : ByteString.copyFrom(live.value()).toStringUtf8();
        if (!text.matches("-?\\d{1,18}")) {
            return null;
        }
        long sum = Long.parseLong(text) + increment.getDelta();
        return written(key, ByteString.copyFromUtf8(Long.toString(sum)), null, sum);
    }

    private OperationResult written(String key, ByteString value, Versioned previous, long number) {
        Versioned now = new Versioned(value.toByteArray(), ++lastVersion, 0);
        keys.put(key, now);
        return new OperationResult(true, new Versioned(null, now.version(), 0), previous, number);
    }
}
