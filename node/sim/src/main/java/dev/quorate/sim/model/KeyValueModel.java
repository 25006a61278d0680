package dev.quorate.sim.model;

import com.google.protobuf.ByteString;
import dev.quorate.api.SessionCall;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.OperationResult;
import dev.quorate.store.Versioned;
import dev.quorate.store.proto.Delete;
import dev.quorate.store.proto.ExpireKey;
import dev.quorate.store.proto.ExpireKeys;
import dev.quorate.store.proto.Increment;
import dev.quorate.store.proto.OpenSession;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import dev.quorate.store.proto.WriteCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The keys and sessions of one shard: conditional puts, deletes and increments, the version that each change takes, expiry by a clock that never goes
 * back, and that a session's write is done once.
 */
public final class KeyValueModel {
    /** Expired ones too, until they are deleted. */
    private final TreeMap<String, Versioned> keys = new TreeMap<>();

    private final Map<ByteString, Session> sessions = new HashMap<>();
    private long lastIncarnation;
    private long lastVersion;
    private long clockMillis;

    public KeyValueModel() {}

    /** The keys of another, at a time. */
    private KeyValueModel(KeyValueModel other, long nowMillis) {
        keys.putAll(other.keys);
        lastVersion = other.lastVersion;
        clockMillis = Math.max(other.clockMillis, nowMillis);
    }

    private void become(KeyValueModel next) {
        keys.clear();
        keys.putAll(next.keys);
        lastVersion = next.lastVersion;
        clockMillis = next.clockMillis;
    }

    /** What the key holds, be it expired, or null. */
    public Versioned get(String key) {
        return keys.get(key);
    }

    public long clockMillis() {
        return clockMillis;
    }

    /** The value if it is not expired by a clock, else null. */
    public static Versioned liveAt(long clockMillis, Versioned value) {
        boolean expired = value != null && value.deadlineMillis() != 0 && value.deadlineMillis() <= clockMillis;
        return expired ? null : value;
    }

    private Versioned live(String key) {
        return liveAt(clockMillis, keys.get(key));
    }

    /** What one client has done. */
    private static final class Session {
        final long incarnation;
        final TreeMap<Long, ApplyResult> results = new TreeMap<>();
        long lowestOutstanding = 1;

        Session(long incarnation) {
            this.incarnation = incarnation;
        }
    }

    public ApplyResult open(OpenSession command) {
        clockMillis = Math.max(clockMillis, command.getNowMillis());
        Session session = sessions.computeIfAbsent(command.getClientId(), client -> new Session(++lastIncarnation));
        return new ApplyResult.SessionOpened(session.incarnation);
    }

    public ApplyResult apply(WriteCommand command) {
        if (!command.hasSession()) {
            return execute(command);
        }
        SessionCall call = command.getSession();
        Session session = sessions.get(call.getClientId());
        if (session == null
                || session.incarnation != call.getIncarnation()
                || call.getSequence() < session.lowestOutstanding) {
            return new ApplyResult.SessionExpired("expired");
        }
        session.lowestOutstanding = Math.max(session.lowestOutstanding, call.getLowestOutstanding());
        session.results.headMap(session.lowestOutstanding).clear();
        ApplyResult kept = session.results.get(call.getSequence());
        if (kept == null) {
            kept = execute(command);
            session.results.put(call.getSequence(), kept);
        }
        return kept;
    }

    /** All or none of the command's operations take effect. */
    private ApplyResult execute(WriteCommand command) {
        KeyValueModel next = new KeyValueModel(this, command.getNowMillis());
        List<OperationResult> results = new ArrayList<>();
        for (Operation operation : command.getOperationsList()) {
            OperationResult result = next.apply(operation);
            if (result == null) {
                return new ApplyResult.Rejected("refused");
            }
            results.add(result);
        }
        become(next);
        return new ApplyResult.Written(results);
    }

    /** Deletes the keys that are due, if they still have the version named. */
    public ApplyResult expire(ExpireKeys command) {
        KeyValueModel next = new KeyValueModel(this, command.getNowMillis());
        List<OperationResult> results = new ArrayList<>();
        for (ExpireKey each : command.getKeysList()) {
            String key = each.getKey().toStringUtf8();
            Versioned value = next.keys.get(key);
            boolean due = value != null && value.version() == each.getVersion() && next.live(key) == null;
            if (due) {
                next.keys.remove(key);
                next.lastVersion++;
            }
            results.add(new OperationResult(due, null, null, 0));
        }
        become(next);
        return new ApplyResult.Written(results);
    }

    private OperationResult apply(Operation operation) {
        String key = operation.getKey().toStringUtf8();
        Versioned live = live(key);
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
        return written(key, put.getValue(), put.getDeadlineMillis(), put.getReturnPrevious() ? live : null, 0);
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
        long deadlineMillis = live == null ? 0 : live.deadlineMillis();
        return written(key, ByteString.copyFromUtf8(Long.toString(sum)), deadlineMillis, null, sum);
    }

    private OperationResult written(
            String key, ByteString value, long deadlineMillis, Versioned previous, long number) {
        Versioned now = new Versioned(value.toByteArray(), ++lastVersion, deadlineMillis);
        keys.put(key, now);
        return new OperationResult(true, new Versioned(null, now.version(), deadlineMillis), previous, number);
    }
}
