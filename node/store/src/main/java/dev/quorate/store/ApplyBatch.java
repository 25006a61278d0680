package dev.quorate.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.SessionCall;
import dev.quorate.api.ShardMap;
import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.store.map.ShardMapMachine;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.EvictSessions;
import dev.quorate.store.proto.ExpireKey;
import dev.quorate.store.proto.ExpireKeys;
import dev.quorate.store.proto.GroupMembers;
import dev.quorate.store.proto.ImportChunk;
import dev.quorate.store.proto.OpenSession;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.TailChange;
import dev.quorate.store.proto.TailEntry;
import dev.quorate.store.proto.WriteCommand;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Entries that are applied together: each sees what those before it did, and all reach the rows in one batch with the index of the last. What they
 * do to keys is gathered here, so that each key is read and written once however many entries touch it.
 */
final class ApplyBatch implements AutoCloseable {
    private final Database database;
    private final Rows.Batch batch;
    private final SessionTable sessions;
    private final Map<ByteString, Slot> slots = new HashMap<>();
    private final Map<Integer, ShardRecord> records = new HashMap<>();
    /** How far writes have moved shards beyond their records. */
    private final Map<Integer, Progress> progress = new HashMap<>();

    private ShardMap map;
    private GroupMembers members;
    private SnapshotMeta applied;
    private boolean committed;

    ApplyBatch(Database database) {
        this.database = database;
        batch = database.rows().newBatch();
        sessions = new SessionTable(database.rows(), batch, database.recentSessions());
        map = database.map();
        members = database.members();
        applied = database.applied();
    }

    /** A key's value: as the rows have it (UNREAD as long as nobody needed to know), and as it is after the entries so far. */
    private static final class Slot {
        final byte[] dataKey;
        StoredValue stored;
        StoredValue current;

        Slot(byte[] dataKey, StoredValue stored) {
            this.dataKey = dataKey;
            this.stored = stored;
            current = stored;
        }

        StoredValue liveAt(long clockMillis) {
            return current == null || current.expiredAt(clockMillis) ? null : current;
        }
    }

    private static final class Progress {
        long version;
        long clockMillis;
        boolean noDeadlines;
        long exportDigest;

        Progress(ShardRecord record) {
            version = record.getVersionCounter();
            clockMillis = record.getClockMillis();
            noDeadlines = record.getNoDeadlines();
            exportDigest = record.getExportDigest();
        }

        ShardRecord addedTo(ShardRecord record) {
            return record.toBuilder()
                    .setVersionCounter(version)
                    .setClockMillis(clockMillis)
                    .setNoDeadlines(noDeadlines)
                    .setExportDigest(exportDigest)
                    .build();
        }
    }

    /**
     * Whether the command has a batch for itself: it moves a shard's data as a whole, past the gathered keys, looks at all sessions of a shard, or wants
     * the state just after it.
     */
    static boolean isAlone(Command command) {
        return switch (command.getCommandCase()) {
            case IMPORT_CHUNK, COMPLETE_IMPORT, DISCARD_IMPORT, PURGE, SCRUB, OPEN_SESSION, EVICT_SESSIONS -> true;
            default -> false;
        };
    }

    /** Reads what the commands need to know of their keys, in one call. */
    void prefetch(List<CommittedEntry> entries) {
        Map<ByteString, byte[]> wanted = new HashMap<>();
        for (CommittedEntry entry : entries) {
            Command command = entry.command();
            WriteCommand write = command.getWrite();
            ExpireKeys expire = command.getExpire();
            if (write.getOperationsCount() > 0) {
                ShardRecord shard = record(write.getShard());
                for (Operation operation : write.getOperationsList()) {
                    if (!isBlind(operation, shard, shard.getNoDeadlines())) {
                        want(wanted, write.getShard(), operation.getKey());
                    }
                }
                byte[] session = write.hasSession() ? sessionKey(write, shard) : null;
                if (session != null && !sessions.isKnown(session)) {
                    want(wanted, session);
                }
            }
            expire.getKeysList().forEach(key -> want(wanted, expire.getShard(), key.getKey()));
        }
        if (wanted.isEmpty()) {
            return;
        }
        List<byte[]> keys = List.copyOf(wanted.values());
        List<byte[]> values = database.rows().multiGet(keys);
        for (int i = 0; i < keys.size(); i++) {
            byte[] key = keys.get(i);
            if (Keys.isData(key)) {
                slots.put(UnsafeByteOperations.unsafeWrap(key), new Slot(key, StoredValue.ofNullable(values.get(i))));
            } else {
                sessions.loaded(key, values.get(i));
            }
        }
    }

    private void want(Map<ByteString, byte[]> wanted, int shard, ByteString key) {
        want(wanted, Keys.data(shard, record(shard).getIncarnation(), key));
    }

    /** Whether what the key holds makes no difference. It does where the changes are told to another group. */
    private static boolean isBlind(Operation operation, ShardRecord shard, boolean noDeadlines) {
        return noDeadlines && KeyOperation.isBlind(operation) && shard.getState() != ShardRecord.State.EXPORTING;
    }

    private static void want(Map<ByteString, byte[]> wanted, byte[] rowKey) {
        wanted.put(UnsafeByteOperations.unsafeWrap(rowKey), rowKey);
    }

    private static byte[] sessionKey(WriteCommand write, ShardRecord shard) {
        return Keys.session(
                write.getShard(), shard.getIncarnation(), write.getSession().getClientId());
    }

    ApplyResult apply(CommittedEntry entry) {
        Membership before = applied.membership();
        Membership membership = entry.membership() == null ? before : entry.membership();
        applied = new SnapshotMeta(entry.index(), entry.term(), membership);
        if (entry.membership() != null) {
            members = MemberChanges.change(members, before, membership);
            return new ApplyResult.Members(members);
        }
        Command command = entry.command();
        return switch (command.getCommandCase()) {
            case WRITE -> write(command.getWrite());
            case EXPIRE -> expire(command.getExpire());
            case MAP_CHANGE -> changeMap(command.getMapChange());
            case FREEZE -> move(command.getFreeze().getShard(), s -> ShardTransition.freeze(s, command.getFreeze()));
            case BEGIN_EXPORT ->
                withoutTail(move(
                        command.getBeginExport().getShard(),
                        s -> ShardTransition.beginExport(s, command.getBeginExport())));
            case THAW ->
                withoutTail(move(command.getThaw().getShard(), s -> ShardTransition.thaw(s, command.getThaw())));
            case RELEASE ->
                move(command.getRelease().getShard(), s -> ShardTransition.release(s, command.getRelease()));
            case PURGE -> move(command.getPurge().getShard(), s -> ShardTransition.purge(s, command.getPurge()));
            case BEGIN_IMPORT ->
                move(
                        command.getBeginImport().getShard(),
                        s -> ShardTransition.beginImport(s, command.getBeginImport()));
            case IMPORT_CHUNK -> importChunk(command.getImportChunk());
            case COMPLETE_IMPORT ->
                move(
                        command.getCompleteImport().getShard(),
                        s -> ShardTransition.completeImport(s, command.getCompleteImport()));
            case ADOPT -> move(command.getAdopt().getShard(), s -> ShardTransition.adopt(s, command.getAdopt()));
            case DISCARD_IMPORT ->
                move(
                        command.getDiscardImport().getShard(),
                        s -> ShardTransition.discardImport(s, command.getDiscardImport()));
            case PUT_MEMBER -> {
                members = MemberChanges.put(members, command.getPutMember().getMember());
                yield new ApplyResult.Members(members);
            }
            case OPEN_SESSION -> openSession(command.getOpenSession());
            case EVICT_SESSIONS -> evictSessions(command.getEvictSessions());
            case SCRUB -> new ApplyResult.Scrubbing(command.getScrub().getShard(), entry.index());
            case COMMAND_NOT_SET -> new ApplyResult.Nothing();
        };
    }

    private ApplyResult write(WriteCommand command) {
        int number = command.getShard();
        ShardRecord shard = lastRecord(number);
        if (!ShardTransition.serves(shard)) {
            return new ApplyResult.NotOwned(new ShardView(number, record(number)));
        }
        Progress now = progress.computeIfAbsent(number, _ -> new Progress(shard));
        List<RowChange> changes = new ArrayList<>();
        ApplyResult result =
                command.hasSession() ? writeOnce(command, shard, now, changes) : execute(command, shard, now, changes);
        follow(number, shard, now, changes);
        return result;
    }

    /** Exactly once: what the session has a result of is answered, what it can't know is refused, and only the rest is done. */
    private ApplyResult writeOnce(WriteCommand command, ShardRecord shard, Progress now, List<RowChange> changes) {
        SessionCall call = command.getSession();
        Session session = sessions.find(command.getShard(), shard, call.getClientId());
        if (session == null) {
            return new ApplyResult.SessionExpired("the shard has no session of this client");
        }
        boolean exporting = shard.getState() == ShardRecord.State.EXPORTING;
        byte[] before = exporting ? session.encode() : null;
        ApplyResult result = session.answer(call).orElseGet(() -> {
            ApplyResult done = execute(command, shard, now, changes);
            session.keep(call.getSequence(), done, now.clockMillis);
            return done;
        });
        byte[] after = exporting ? session.encode() : null;
        if (!Arrays.equals(before, after)) {
            changes.add(new RowChange(sessionKey(command, shard), before, after));
        }
        return result;
    }

    private ApplyResult openSession(OpenSession command) {
        ShardRecord shard = record(command.getShard());
        if (!ShardTransition.serves(shard)) {
            return new ApplyResult.NotOwned(new ShardView(command.getShard(), shard));
        }
        if (command.getClientId().size() != SessionTable.CLIENT_ID_BYTES) {
            return new ApplyResult.Rejected("a client's id has " + SessionTable.CLIENT_ID_BYTES + " bytes");
        }
        long clockMillis = Math.max(shard.getClockMillis(), command.getNowMillis());
        SessionTable.Opened opened = sessions.open(shard, command, clockMillis);
        records.put(
                command.getShard(),
                opened.record().toBuilder().setClockMillis(clockMillis).build());
        follow(
                command.getShard(),
                shard,
                progress.computeIfAbsent(command.getShard(), number -> new Progress(lastRecord(number))),
                opened.changes());
        return new ApplyResult.SessionOpened(opened.incarnation());
    }

    /** Not while the shard is copied: that can wait. */
    private ApplyResult evictSessions(EvictSessions command) {
        ShardRecord shard = record(command.getShard());
        if (shard.getState() != ShardRecord.State.OWNED) {
            return new ApplyResult.NotOwned(new ShardView(command.getShard(), shard));
        }
        long clockMillis = Math.max(shard.getClockMillis(), command.getNowMillis());
        ShardRecord left =
                sessions.evictIdle(shard.toBuilder().setClockMillis(clockMillis).build(), command);
        records.put(command.getShard(), left);
        return new ApplyResult.SessionsEvicted(shard.getSessionCount() - left.getSessionCount());
    }

    private ApplyResult execute(WriteCommand command, ShardRecord shard, Progress now, List<RowChange> changes) {
        int number = command.getShard();
        long clockMillis = Math.max(now.clockMillis, command.getNowMillis());
        long version = now.version;
        boolean noDeadlines = now.noDeadlines;
        List<OperationResult> results = new ArrayList<>(command.getOperationsCount());
        Deque<Undo> undo = new ArrayDeque<>(command.getOperationsCount());
        for (Operation operation : command.getOperationsList()) {
            boolean blind = isBlind(operation, shard, noDeadlines);
            Slot slot = slot(number, shard, operation.getKey(), !blind);
            undo.push(new Undo(slot, slot.current));
            switch (KeyOperation.apply(operation, slot.liveAt(clockMillis), version + 1, clockMillis)) {
                case KeyOperation.Outcome.Write(StoredValue value, OperationResult result) -> {
                    slot.current = value;
                    version++;
                    noDeadlines &= !value.expires();
                    results.add(result);
                }
                case KeyOperation.Outcome.Remove(OperationResult result) -> {
                    slot.current = null;
                    version++;
                    results.add(result);
                }
                case KeyOperation.Outcome.Keep(OperationResult result) -> results.add(result);
                case KeyOperation.Outcome.Refuse(String reason) -> {
                    undo.forEach(Undo::run);
                    return new ApplyResult.Rejected(reason);
                }
            }
        }
        now.version = version;
        now.clockMillis = clockMillis;
        now.noDeadlines = noDeadlines;
        if (shard.getState() == ShardRecord.State.EXPORTING) {
            changes.addAll(changes(undo));
        }
        return new ApplyResult.Written(results);
    }

    /** By key, from the state before the first operation to that after the last. */
    private static List<RowChange> changes(Deque<Undo> undo) {
        Map<Slot, StoredValue> before = new LinkedHashMap<>();
        // The last to be put for a slot is what the first operation found.
        undo.forEach(step -> before.put(step.slot, step.before));
        List<RowChange> changes = new ArrayList<>(before.size());
        before.forEach((slot, value) -> {
            if (value != slot.current) {
                changes.add(new RowChange(slot.dataKey, bytes(value), bytes(slot.current)));
            }
        });
        return changes;
    }

    private static byte[] bytes(StoredValue value) {
        return value == null ? null : value.bytes();
    }

    /** Keeps what the entry changed in a shard that is being copied, for the target, and what that does to the digest. */
    private void follow(int shard, ShardRecord record, Progress now, List<RowChange> changes) {
        if (record.getState() != ShardRecord.State.EXPORTING || changes.isEmpty()) {
            return;
        }
        TailEntry.Builder entry = TailEntry.newBuilder().setIndex(applied.index());
        for (RowChange change : changes) {
            byte[] key = Keys.moving(change.key());
            TailChange.Builder told = entry.addChangesBuilder().setKey(UnsafeByteOperations.unsafeWrap(key));
            if (change.before() != null) {
                now.exportDigest -= ShardDigest.of(key, change.before());
            }
            if (change.after() != null) {
                told.setValue(UnsafeByteOperations.unsafeWrap(change.after()));
                now.exportDigest += ShardDigest.of(key, change.after());
            }
        }
        byte[] row = Keys.tail(shard, record.getIncarnation(), applied.index());
        batch.put(row, entry.build().toByteArray());
    }

    private ApplyResult withoutTail(ApplyResult moved) {
        if (moved instanceof ApplyResult.Shard(ShardView shard, boolean changed) && changed) {
            batch.deleteRange(Keys.tail(shard.shard(), shard.record().getIncarnation()));
        }
        return moved;
    }

    private record Undo(Slot slot, StoredValue before) {
        void run() {
            slot.current = before;
        }
    }

    private ApplyResult expire(ExpireKeys command) {
        int number = command.getShard();
        ShardRecord shard = lastRecord(number);
        if (!ShardTransition.serves(shard)) {
            return new ApplyResult.NotOwned(new ShardView(number, record(number)));
        }
        Progress now = progress.computeIfAbsent(number, _ -> new Progress(shard));
        now.clockMillis = Math.max(now.clockMillis, command.getNowMillis());
        List<RowChange> changes = new ArrayList<>();
        List<OperationResult> results = new ArrayList<>(command.getKeysCount());
        for (ExpireKey key : command.getKeysList()) {
            Slot slot = slot(number, shard, key.getKey(), true);
            StoredValue value = slot.current;
            boolean due = value != null && value.version() == key.getVersion() && value.expiredAt(now.clockMillis);
            if (due) {
                changes.add(new RowChange(slot.dataKey, value.bytes(), null));
                slot.current = null;
                now.version++;
            }
            results.add(new OperationResult(due, null, null, 0));
        }
        follow(number, shard, now, changes);
        return new ApplyResult.Written(results);
    }

    private ApplyResult changeMap(MapChange change) {
        MapChangeResult result = ShardMapMachine.apply(map, change);
        if (map.getEpoch() == 0 && result.getMap().getEpoch() > 0) {
            ShardRecord first = ShardRecord.newBuilder()
                    .setState(ShardRecord.State.OWNED)
                    .setEpoch(result.getMap().getEpoch())
                    .setNoDeadlines(true)
                    .build();
            for (int shard = 0; shard < result.getMap().getShardCount(); shard++) {
                records.put(shard, first);
            }
        }
        map = result.getMap();
        return new ApplyResult.Map(result);
    }

    private ApplyResult move(int shard, Function<ShardRecord, ShardTransition> command) {
        if (shard < 0 || shard >= Keys.SHARDS_MAX) {
            return new ApplyResult.Shard(database.shard(shard), false);
        }
        ShardTransition transition = command.apply(record(shard));
        if (transition.purge() != ShardTransition.NO_PURGE) {
            Keys.rows(shard, transition.purge()).forEach(batch::deleteRange);
        }
        if (transition.changed()) {
            records.put(shard, transition.record());
        }
        return new ApplyResult.Shard(new ShardView(shard, transition.record()), transition.changed());
    }

    private ApplyResult importChunk(ImportChunk command) {
        ShardRecord shard = record(command.getShard());
        if (!ShardTransition.takes(shard, command)) {
            return new ApplyResult.Shard(new ShardView(command.getShard(), shard), false);
        }
        ImportedRows imported = new ImportedRows(database.rows(), command.getShard(), shard.getIncarnation());
        imported.take(command);
        imported.changes().forEach(this::store);
        return move(
                command.getShard(),
                importing ->
                        ShardTransition.importChunk(importing, command, imported.digestChange(), imported.mayExpire()));
    }

    /** With the entry of the deadline, which does not travel. */
    private void store(RowChange change) {
        boolean data = Keys.isData(change.key());
        if (data && change.before() != null && StoredValue.isValid(change.before())) {
            dropDeadline(change.key(), new StoredValue(change.before()));
        }
        if (change.after() == null) {
            batch.delete(change.key());
        } else if (data && StoredValue.isValid(change.after())) {
            put(change.key(), new StoredValue(change.after()));
        } else {
            batch.put(change.key(), change.after());
        }
    }

    /** As it is after the entries so far. */
    private ShardRecord record(int shard) {
        Progress made = progress.remove(shard);
        if (made != null) {
            records.put(shard, made.addedTo(lastRecord(shard)));
        }
        return lastRecord(shard);
    }

    /** Without the progress since. */
    private ShardRecord lastRecord(int shard) {
        ShardRecord record = records.get(shard);
        return record == null ? database.shard(shard).record() : record;
    }

    private Slot slot(int shard, ShardRecord record, ByteString key, boolean read) {
        byte[] dataKey = Keys.data(shard, record.getIncarnation(), key);
        ByteString slotKey = UnsafeByteOperations.unsafeWrap(dataKey);
        Slot slot = slots.get(slotKey);
        if (slot == null) {
            slot = new Slot(dataKey, StoredValue.UNREAD);
            slots.put(slotKey, slot);
        }
        if (read && slot.current == StoredValue.UNREAD) {
            slot.stored = StoredValue.ofNullable(database.rows().get(dataKey));
            slot.current = slot.stored;
        }
        return slot;
    }

    /** Makes it all real, or throws and leaves the store's memory as it was. */
    void commit() {
        List.copyOf(progress.keySet()).forEach(this::record);
        for (Slot slot : slots.values()) {
            if (slot.current != slot.stored) {
                write(slot);
            }
        }
        sessions.write();
        database.commit(batch, applied, records, map, members);
        sessions.written();
        committed = true;
    }

    private void write(Slot slot) {
        if (slot.stored != null) {
            dropDeadline(slot.dataKey, slot.stored);
        }
        if (slot.current == null) {
            batch.delete(slot.dataKey);
        } else {
            put(slot.dataKey, slot.current);
        }
    }

    private void dropDeadline(byte[] dataKey, StoredValue value) {
        if (value.expires()) {
            batch.delete(Keys.deadline(dataKey, value.deadlineMillis()));
        }
    }

    private void put(byte[] dataKey, StoredValue value) {
        batch.put(dataKey, value.bytes());
        if (value.expires()) {
            byte[] version = ByteBuffer.allocate(8).putLong(value.version()).array();
            batch.put(Keys.deadline(dataKey, value.deadlineMillis()), version);
        }
    }

    @Override
    public void close() {
        batch.close();
        if (!committed) {
            database.recentSessions().clear();
        }
    }
}
