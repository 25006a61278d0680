package dev.quorate.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.quorate.api.ShardMap;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipCodec;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.store.proto.GroupMembers;
import dev.quorate.store.proto.ShardRecord;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.UnaryOperator;

/**
 * Open rows, with the small part of their content that is always in memory: what is applied, the shards' records and the map. Not safe to use while
 * it is being closed; {@link Store} sees to that.
 */
final class Database implements AutoCloseable {
    private static final byte[] FORMAT_VERSION = {1};

    private final Rows rows;
    private final RecentSessions recentSessions = new RecentSessions();

    /** By number; null where there is no record. */
    private final AtomicReferenceArray<ShardView> shards = new AtomicReferenceArray<>(Keys.SHARDS_MAX);

    private volatile ShardMap map;
    private volatile GroupMembers members;
    private volatile SnapshotMeta applied;
    /** Odd while a batch is being committed: between two equal even values rows and memory say the same. */
    private volatile long commits;

    private Database(Rows rows) {
        this.rows = rows;
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
            byte[] encodedMap = rows.get(Keys.MAP);
            map = encodedMap == null ? ShardMap.getDefaultInstance() : ShardMap.parseFrom(encodedMap);
            byte[] encodedMembers = rows.get(Keys.GROUP_MEMBERS);
            members =
                    encodedMembers == null ? GroupMembers.getDefaultInstance() : GroupMembers.parseFrom(encodedMembers);
            try (Rows.Snapshot snapshot = rows.snapshot();
                    Rows.Cursor cursor = snapshot.cursor(Keys.records())) {
                for (; cursor.valid(); cursor.next()) {
                    int shard = Keys.shardOf(cursor.key());
                    shards.setPlain(shard, new ShardView(shard, ShardRecord.parseFrom(cursor.value())));
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw damaged(e.getMessage());
        }
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

    RecentSessions recentSessions() {
        return recentSessions;
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
        ShardView view = shard < 0 || shard >= Keys.SHARDS_MAX ? null : shards.get(shard);
        return view == null ? new ShardView(shard, ShardRecord.getDefaultInstance()) : view;
    }

    /** The applied index that survives a crash. */
    long flushedIndex() {
        return appliedIndexIn(rows::getDurable);
    }

    /** The first batch of an empty store. */
    void initialize(Membership membership, GroupMembers firstMembers) {
        try (Rows.Batch batch = rows.newBatch()) {
            commit(batch, new SnapshotMeta(0, 0, membership), Map.of(), map, firstMembers);
        }
        rows.flush();
    }

    /** Writes the batch and, in it, what is applied by it; then shows it in memory. */
    void commit(
            Rows.Batch batch,
            SnapshotMeta meta,
            Map<Integer, ShardRecord> records,
            ShardMap newMap,
            GroupMembers newMembers) {
        if (applied.index() == 0) {
            batch.put(Keys.FORMAT, FORMAT_VERSION);
        }
        for (Map.Entry<Integer, ShardRecord> record : records.entrySet()) {
            batch.put(Keys.record(record.getKey()), record.getValue().toByteArray());
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
        byte[] position = ByteBuffer.allocate(16)
                .putLong(meta.index())
                .putLong(meta.term())
                .array();
        batch.put(Keys.APPLIED, position);
        commits = commits + 1;
        rows.write(batch);
        records.forEach((shard, record) -> shards.set(shard, new ShardView(shard, record)));
        map = newMap;
        members = newMembers;
        applied = meta;
        commits = commits + 1;
    }

    /** Changes with every batch; odd while one is being committed. */
    long commits() {
        return commits;
    }

    @Override
    public void close() {
        rows.close();
    }
}
