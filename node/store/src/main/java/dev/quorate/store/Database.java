package dev.quorate.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.quorate.api.ShardMap;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipCodec;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.store.proto.GroupMembers;
import dev.quorate.store.proto.ShardRecord;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Open rows, with the small part of the state that is in memory: what is applied, the map, the shards' records, and the sessions used of late. Of the
 * records and sessions memory is the truth, and the rows follow when they are flushed; the package's manual proves that no crash shows the difference.
 * Not safe to use while it is being closed; {@link Store} sees to that.
 */
final class Database implements AutoCloseable {
    private static final byte[] FORMAT_VERSION = {2};

    private static final long SESSIONS_MEMORY_BYTES = 16 << 20;

    private final Rows rows;
    private final ShardRecords shards = new ShardRecords();
    private final SessionTable sessions;
    private final ImportRuns runs;

    /** Held by whoever changes the state or writes rows; by the applying thread for a whole batch. */
    private final ReentrantLock writer = new ReentrantLock();

    /** Guards that rows and memory change together, before those who take a snapshot of both. Only ever held for short. */
    private final Object visibility = new Object();

    private volatile ShardMap map;
    private volatile GroupMembers members;
    private volatile SnapshotMeta applied;

    /** Up to which index the rows have all. Guarded by the writer's lock, as what follows. */
    private long writtenBackIndex;

    /** Above 0 the rows have all after every batch. */
    private int writesThrough;

    /** An entry was applied in part: memory is of no index. */
    private boolean broken;

    private Database(Rows rows) {
        this.rows = rows;
        sessions = new SessionTable(rows, SESSIONS_MEMORY_BYTES);
        runs = new ImportRuns(rows);
    }

    /**
     * The state at one instant, but for sessions: what the rows say of them may be old.
     *
     * @param rows what they say of shards' records may be old
     */
    record Snapshot(long appliedIndex, Rows.Snapshot rows, ShardRecords.Snapshot shards) implements AutoCloseable {
        @Override
        public void close() {
            shards.close();
            rows.close();
        }
    }

    static Database open(Storage storage) {
        Rows rows = storage.open();
        try {
            Database database = new Database(rows);
            database.load();
            return database;
        } catch (StoreException e) {
            rows.close();
            throw e;
        }
    }

    private void load() {
        try {
            applied = appliedIn(rows::get);
            writtenBackIndex = applied.index();
            byte[] encodedMap = rows.get(Keys.MAP);
            map = encodedMap == null ? ShardMap.getDefaultInstance() : ShardMap.parseFrom(encodedMap);
            byte[] encodedMembers = rows.get(Keys.GROUP_MEMBERS);
            members =
                    encodedMembers == null ? GroupMembers.getDefaultInstance() : GroupMembers.parseFrom(encodedMembers);
            try (Rows.Snapshot snapshot = rows.snapshot();
                    Rows.Cursor cursor = snapshot.cursor(Keys.records())) {
                for (; cursor.valid(); cursor.next()) {
                    int shard = Keys.shardOf(cursor.key());
                    shards.load(shard, ShardRecord.parseFrom(cursor.value()));
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw damaged(e.getMessage());
        }
        cutImports();
    }

    /** Deletes rows of runs that ended after what is applied here: the log brings them again. */
    private void cutImports() {
        try (Rows.Snapshot snapshot = rows.snapshot();
                Rows.Cursor cursor = snapshot.cursor(Keys.data());
                Rows.Batch batch = rows.newBatch()) {
            boolean cut = false;
            while (cursor.valid()) {
                byte[] first = cursor.key();
                KeyRange ahead = aheadOf(Keys.shardOf(first), Keys.incarnationOf(first));
                cursor.seek(ahead.from());
                if (cursor.valid() && ahead.contains(cursor.key())) {
                    batch.deleteRange(ahead);
                    cut = true;
                }
                cursor.seek(Keys.afterIncarnation(first));
            }
            if (cut) {
                rows.write(batch);
                rows.flush(); // runs go where nothing is but what is durable
            }
        }
    }

    /** Where an incarnation has no data by its shard's record. Those that are still to come have higher numbers than any move that the record knows. */
    private KeyRange aheadOf(int shard, long incarnation) {
        ShardRecord record = shards.get(shard).record();
        KeyRange all = Keys.data(shard, incarnation);
        if (incarnation > record.getMoveId()) {
            return all;
        }
        boolean importing = record.getState() == ShardRecord.State.IMPORTING
                && incarnation == record.getIncarnation()
                && !record.getRowsDone();
        return importing
                ? Keys.dataAfter(shard, incarnation, record.getResumeAfter())
                : new KeyRange(all.to(), all.to());
    }

    private static StoreException damaged(String what) {
        return StoreException.corrupt("the store is damaged: " + what + ": rebuild this replica from its peers");
    }

    /**
     * What is applied in a state: index 0, term 0 and no members when nothing is.
     *
     * @param state gives a key's value, or null
     * @throws StoreException of kind CORRUPT when this is no state, or of a format that this version does not read
     */
    static SnapshotMeta appliedIn(UnaryOperator<byte[]> state) {
        byte[] format = state.apply(Keys.FORMAT);
        byte[] position = state.apply(Keys.APPLIED);
        byte[] encoded = state.apply(Keys.MEMBERSHIP);
        if (format == null && position == null && encoded == null) {
            return new SnapshotMeta(0, 0, Membership.NONE);
        }
        if (format == null || format.length != 1 || format[0] != FORMAT_VERSION[0]) {
            throw damaged("its format is not " + FORMAT_VERSION[0] + ", the one that this version reads");
        }
        if (position == null || position.length != 16) {
            throw damaged("what is applied is not readable");
        }
        long writtenBack = index(state.apply(Keys.WRITTEN_BACK));
        if (writtenBack != index(position)) {
            throw damaged("its keys are as of index " + index(position) + ", its shards and sessions as of "
                    + writtenBack + ", so that it was flushed by something other than this program");
        }
        try {
            Membership membership = encoded == null ? Membership.NONE : MembershipCodec.decode(encoded);
            return new SnapshotMeta(index(position), ByteBuffer.wrap(position).getLong(8), membership);
        } catch (IllegalArgumentException e) {
            throw damaged(e.getMessage());
        }
    }

    private static long index(byte[] position) {
        return position == null ? 0 : ByteBuffer.wrap(position).getLong();
    }

    /** The applied index in a state. */
    static long appliedIndexIn(UnaryOperator<byte[]> state) {
        return index(state.apply(Keys.APPLIED));
    }

    Rows rows() {
        return rows;
    }

    SessionTable sessions() {
        return sessions;
    }

    SnapshotMeta applied() {
        return applied;
    }

    ShardMap map() {
        return map;
    }

    GroupMembers members() {
        return members;
    }

    /** As applied; a number that no shard has is of one that is not here. */
    ShardView shard(int shard) {
        return shards.get(shard);
    }

    /** The applied index that survives a crash. */
    long flushedIndex() {
        return appliedIndexIn(rows::getDurable);
    }

    /** Runs what changes the state or writes rows: alone. What fails on the way has changed memory in part, so nothing goes on after it. */
    <T> T exclusively(Supplier<T> change) {
        writer.lock();
        try {
            if (broken) {
                throw StoreException.broken();
            }
            return change.get();
        } catch (RuntimeException | Error e) {
            broken = true;
            throw e;
        } finally {
            writer.unlock();
        }
    }

    /** The first batch of an empty store. */
    void initialize(Membership membership, GroupMembers firstMembers) {
        exclusively(() -> {
            try (Rows.Batch batch = rows.newBatch()) {
                commit(batch, new SnapshotMeta(0, 0, membership), Map.of(), map, firstMembers);
            }
            return null;
        });
        flush();
    }

    /** Writes the batch and, in it, what is applied by it; then shows it in memory. For who changes the state exclusively. */
    void commit(
            Rows.Batch batch,
            SnapshotMeta meta,
            Map<Integer, ShardRecord> records,
            ShardMap newMap,
            GroupMembers newMembers) {
        if (applied.index() == 0) {
            batch.put(Keys.FORMAT, FORMAT_VERSION);
        }
        if (newMap != map) {
            batch.put(Keys.MAP, newMap.toByteArray());
        }
        if (newMembers != members) {
            batch.put(Keys.GROUP_MEMBERS, newMembers.toByteArray());
        }
        if (!meta.membership().equals(applied.membership())) {
            batch.put(Keys.MEMBERSHIP, MembershipCodec.encode(meta.membership()));
        }
        batch.put(Keys.APPLIED, position(meta));
        sessions.trim(batch);
        boolean through = writesThrough > 0;
        if (through) {
            records.forEach((shard, record) -> ShardRecords.put(batch, shard, record));
            sessions.writeBack(batch);
            markWrittenBack(batch, meta.index());
        }
        synchronized (visibility) {
            rows.write(batch);
            records.forEach((shard, record) -> shards.replace(shard, record, through));
            map = newMap;
            members = newMembers;
            applied = meta;
        }
        if (rows.isFlushDue()) {
            writeBack();
            rows.beginFlush();
        }
    }

    private static byte[] position(SnapshotMeta meta) {
        return ByteBuffer.allocate(16)
                .putLong(meta.index())
                .putLong(meta.term())
                .array();
    }

    private void markWrittenBack(Rows.Batch batch, long index) {
        batch.put(Keys.WRITTEN_BACK, ByteBuffer.allocate(8).putLong(index).array());
        writtenBackIndex = index;
    }

    /** Whether rows of an import may go into its run: not while the rows choose when to flush. */
    boolean mayRun(int shard) {
        return writesThrough == 0 && runs.mayBegin(shard, this::flushedIndex);
    }

    /** What is written at this index is where a run of the shard would go. */
    void barRunUntilDurable(int shard, long index) {
        runs.barUntilDurable(shard, index);
    }

    /** The run of a shard's import, for rows that follow what it has. */
    Rows.Run run(int shard) {
        return runs.of(shard);
    }

    /** The rows have all that was put into a shard's run. */
    void endRun(int shard) {
        runs.end(shard);
    }

    /** Gives the rows all that only memory and runs have. */
    private void writeBack() {
        runs.endAll();
        if (writtenBackIndex < applied.index()) {
            try (Rows.Batch batch = rows.newBatch()) {
                shards.writeBack(batch);
                sessions.writeBack(batch);
                markWrittenBack(batch, applied.index());
                rows.write(batch);
            }
        }
    }

    /** Runs what flushes, at an instant that it alone knows: meanwhile the rows have all after every batch. */
    void flushing(Runnable flush) {
        exclusively(() -> {
            writeBack();
            return writesThrough++;
        });
        try {
            flush.run();
        } finally {
            writer.lock();
            writesThrough--;
            writer.unlock();
        }
    }

    void flush() {
        flushing(rows::flush);
    }

    /** Gives some space back of what was deleted for good. Flushes only where that lets whole files go. */
    void reclaim() {
        if (rows.isFlushWanted()) {
            flush();
        }
        List<KeyRange> rest = rows.reclaim();
        if (!rest.isEmpty()) {
            exclusively(() -> {
                try (Rows.Batch batch = rows.newBatch()) {
                    rest.forEach(batch::deleteDropped);
                    rows.write(batch);
                }
                return null;
            });
        }
    }

    /** Closed before the database is. */
    Snapshot snapshot() {
        synchronized (visibility) {
            return new Snapshot(applied.index(), rows.snapshot(), shards.snapshot());
        }
    }

    /** One whose rows have also the sessions of a shard as they were then. */
    Snapshot snapshotWithSessions(int shard) {
        return exclusively(() -> {
            endRun(shard);
            try (Rows.Batch batch = rows.newBatch()) {
                if (sessions.writeBack(shard, batch)) {
                    rows.write(batch);
                }
            }
            return snapshot();
        });
    }

    /** All rows, whole. */
    Rows.Snapshot wholeRows() {
        return exclusively(() -> {
            writeBack();
            return rows.snapshot();
        });
    }

    /** Closes without a flush: what is not durable is lost. */
    void discard() {
        runs.close();
        rows.close();
    }

    /** Flushes, unless memory is of no index, and closes. */
    @Override
    public void close() {
        try {
            if (!broken) {
                flush();
            }
        } finally {
            discard();
        }
    }
}
