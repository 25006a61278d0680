package dev.quorate.store;

import dev.quorate.store.proto.ExpireKey;
import dev.quorate.store.proto.ExpireKeys;
import dev.quorate.store.proto.ShardRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What entries that are applied together do to keys. */
final class KeyWrites {
    private final BatchShards shards;
    private final SessionTable sessions;
    private final TouchedKeys keys;
    private final ExportTails tails;

    KeyWrites(BatchShards shards, SessionTable sessions, TouchedKeys keys, ExportTails tails) {
        this.shards = shards;
        this.sessions = sessions;
        this.keys = keys;
        this.tails = tails;
    }

    /** Reads what the entries need to know of their keys, in one call. */
    void prefetch(List<CommittedEntry> entries) {
        List<byte[]> wanted = new ArrayList<>();
        for (CommittedEntry entry : entries) {
            if (entry.write() != null) {
                ShardRecord shard = shards.lastRecord(entry.write().shard());
                for (WriteOperation operation : entry.write().operations()) {
                    if (!isBlind(operation, shard, shard.getNoDeadlines())) {
                        wanted.add(operation.dataKey(entry.write().shard(), shard.getIncarnation()));
                    }
                }
            } else {
                ExpireKeys expire = entry.command().getExpire();
                for (ExpireKey key : expire.getKeysList()) {
                    wanted.add(dataKey(expire, shards.lastRecord(expire.getShard()), key));
                }
            }
        }
        keys.prefetch(wanted);
    }

    /** Whether what the key holds makes no difference. It does where the changes are told to another group. */
    private static boolean isBlind(WriteOperation operation, ShardRecord shard, boolean noDeadlines) {
        return noDeadlines && operation.isBlind() && !ExportTails.follows(shard);
    }

    private static byte[] dataKey(ExpireKeys command, ShardRecord shard, ExpireKey key) {
        return Keys.data(command.getShard(), shard.getIncarnation(), key.getKey());
    }

    ApplyResult write(Write write, long index) {
        ShardRecord shard = shards.lastRecord(write.shard());
        if (!ShardTransition.serves(shard)) {
            return new ApplyResult.NotOwned(shards.view(write.shard()));
        }
        BatchShards.Progress now = shards.progress(write.shard());
        List<RowChange> changes = ExportTails.follows(shard) ? new ArrayList<>() : List.of();
        ApplyResult result =
                write.session() == null ? execute(write, shard, now, changes) : writeOnce(write, shard, now, changes);
        tails.follow(write.shard(), shard, index, changes);
        return result;
    }

    /** Exactly once: what the session has a result of is answered, what it can't know is refused, and only the rest is done. */
    private ApplyResult writeOnce(Write write, ShardRecord shard, BatchShards.Progress now, List<RowChange> changes) {
        Write.Call call = write.session();
        Session session = sessions.find(call, write.shard(), shard);
        if (session == null) {
            return new ApplyResult.SessionExpired("the shard has no session of this client");
        }
        byte[] before = ExportTails.follows(shard) ? session.encode() : null;
        int memoryBytes = session.memoryBytes();
        ApplyResult result = session.answer(call);
        if (result == null) {
            result = execute(write, shard, now, changes);
            session.keep(call.sequence(), result, now.clockMillis);
        }
        sessions.changed(session, memoryBytes);
        byte[] after = before == null ? null : session.encode();
        if (!Arrays.equals(before, after)) {
            changes.add(new RowChange(session.key().rowKey(), before, after));
        }
        return result;
    }

    /** @param changes gets what it does, where that is told to another group */
    private ApplyResult execute(Write write, ShardRecord shard, BatchShards.Progress now, List<RowChange> changes) {
        long clockMillis = Math.max(now.clockMillis, write.nowMillis());
        long version = now.version;
        boolean noDeadlines = now.noDeadlines;
        int count = write.operations().size();
        OperationResult[] results = new OperationResult[count];
        TouchedKeys.Undo undo = new TouchedKeys.Undo(count);
        for (int i = 0; i < count; i++) {
            WriteOperation operation = write.operations().get(i);
            byte[] dataKey = operation.dataKey(write.shard(), shard.getIncarnation());
            TouchedKeys.Slot slot = isBlind(operation, shard, noDeadlines) ? keys.blindly(dataKey) : keys.read(dataKey);
            undo.remember(slot);
            switch (KeyOperation.apply(operation, slot.liveAt(clockMillis), version + 1, clockMillis)) {
                case KeyOperation.Outcome.Write(StoredValue value, OperationResult result) -> {
                    slot.set(value);
                    version++;
                    noDeadlines &= !value.expires();
                    results[i] = result;
                }
                case KeyOperation.Outcome.Remove(OperationResult result) -> {
                    slot.set(null);
                    version++;
                    results[i] = result;
                }
                case KeyOperation.Outcome.Keep(OperationResult result) -> results[i] = result;
                case KeyOperation.Outcome.Refuse(String reason) -> {
                    undo.run();
                    return new ApplyResult.Rejected(reason);
                }
            }
        }
        now.version = version;
        now.clockMillis = clockMillis;
        now.noDeadlines = noDeadlines;
        if (ExportTails.follows(shard)) {
            changes.addAll(undo.changes());
        }
        return new ApplyResult.Written(List.of(results));
    }

    ApplyResult expire(ExpireKeys command, long index) {
        ShardRecord shard = shards.lastRecord(command.getShard());
        if (!ShardTransition.serves(shard)) {
            return new ApplyResult.NotOwned(shards.view(command.getShard()));
        }
        BatchShards.Progress now = shards.progress(command.getShard());
        now.clockMillis = Math.max(now.clockMillis, command.getNowMillis());
        List<OperationResult> results = new ArrayList<>(command.getKeysCount());
        List<RowChange> changes = new ArrayList<>();
        for (ExpireKey key : command.getKeysList()) {
            byte[] dataKey = dataKey(command, shard, key);
            TouchedKeys.Slot slot = keys.read(dataKey);
            StoredValue value = slot.value();
            boolean due = value != null && value.version() == key.getVersion() && value.expiredAt(now.clockMillis);
            if (due) {
                changes.add(new RowChange(dataKey, value.bytes(), null));
                slot.set(null);
                now.version++;
            }
            results.add(new OperationResult(due, null, null, 0));
        }
        tails.follow(command.getShard(), shard, index, changes);
        return new ApplyResult.Written(results);
    }
}
