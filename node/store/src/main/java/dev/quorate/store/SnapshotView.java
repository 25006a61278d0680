package dev.quorate.store;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.store.proto.Record;
import dev.quorate.store.proto.ShardRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

/** A view is a snapshot of the rows. Every use holds the store's gate, so that the database is not closed under it. */
final class SnapshotView implements StoreView {
    private static final long UNKNOWN = 1;

    private final Store store;
    private final Lock gate;
    private final Database database;
    private final Rows.Snapshot snapshot;
    /** The commits that the snapshot is of: as long as there are no others, the shards in memory are those of the snapshot. Odd: not known. */
    private final long commits;

    private final Map<Integer, ShardView> shards = new HashMap<>();
    private boolean closed;

    /** The gate is held. */
    SnapshotView(Store store, Database database, Lock gate) {
        this.store = store;
        this.gate = gate;
        this.database = database;
        long before = database.commits();
        snapshot = database.rows().snapshot();
        commits = before == database.commits() ? before : UNKNOWN;
    }

    private <T> T guarded(Supplier<T> reading) {
        gate.lock();
        try {
            if (closed) {
                throw StoreException.closed();
            }
            return reading.get();
        } finally {
            gate.unlock();
        }
    }

    @Override
    public long appliedIndex() {
        return guarded(() -> Database.appliedIndexIn(snapshot::get));
    }

    @Override
    public ShardView shard(int shard) {
        return guarded(() -> readShard(shard));
    }

    private ShardView readShard(int shard) {
        ShardView latest = database.shard(shard);
        if (commits % 2 == 0 && database.commits() == commits) {
            return latest;
        }
        return shards.computeIfAbsent(shard, this::readRecord);
    }

    private ShardView readRecord(int shard) {
        byte[] record = shard < 0 || shard >= Keys.SHARDS_MAX ? null : snapshot.get(Keys.record(shard));
        return new ShardView(shard, record == null ? ShardRecord.getDefaultInstance() : parse(record));
    }

    private static ShardRecord parse(byte[] record) {
        try {
            return ShardRecord.parseFrom(record);
        } catch (InvalidProtocolBufferException e) {
            throw StoreException.corrupt("a shard's record is damaged: " + e.getMessage());
        }
    }

    @Override
    public Versioned get(int shard, byte[] key) {
        return guarded(() -> {
            ShardRecord record = readShard(shard).record();
            byte[] value = snapshot.get(Keys.data(shard, record.getIncarnation(), key));
            return live(value, record.getClockMillis());
        });
    }

    @Override
    public List<Versioned> multiGet(int shard, List<byte[]> keys) {
        return guarded(() -> {
            ShardRecord record = readShard(shard).record();
            List<byte[]> dataKeys = keys.stream()
                    .map(key -> Keys.data(shard, record.getIncarnation(), key))
                    .toList();
            List<Versioned> values = new ArrayList<>(keys.size());
            for (byte[] value : snapshot.multiGet(dataKeys)) {
                values.add(live(value, record.getClockMillis()));
            }
            return values;
        });
    }

    private static Versioned live(byte[] value, long clockMillis) {
        StoredValue stored = StoredValue.ofNullable(value);
        return stored == null || stored.expiredAt(clockMillis) ? null : stored.versioned();
    }

    @Override
    public List<Item> scan(int shard, byte[] prefix, byte[] after, int limit) {
        return guarded(() -> {
            ShardRecord record = readShard(shard).record();
            KeyRange range = Keys.data(shard, record.getIncarnation());
            if (prefix != null && prefix.length > 0) {
                range = range.startingWith(Keys.data(shard, record.getIncarnation(), prefix));
            }
            byte[] last = after == null ? null : Keys.data(shard, record.getIncarnation(), after);
            if (last != null && Arrays.compareUnsigned(last, range.from()) >= 0) {
                range = range.after(last);
            }
            List<Item> items = new ArrayList<>();
            try (Rows.Cursor cursor = snapshot.cursor(range)) {
                for (; items.size() < limit && cursor.valid(); cursor.next()) {
                    Versioned value = live(cursor.value(), record.getClockMillis());
                    if (value != null) {
                        items.add(new Item(Keys.userKey(cursor.key()), value));
                    }
                }
            }
            return items;
        });
    }

    @Override
    public ShardChunk exportChunk(int shard, long incarnation, byte[] after, int maxBytes) {
        return guarded(() -> {
            KeyRange range = Keys.data(shard, incarnation);
            if (after != null) {
                range = range.after(Keys.data(shard, incarnation, after));
            }
            List<Record> records = new ArrayList<>();
            try (Rows.Cursor cursor = snapshot.cursor(range)) {
                long sizeBytes = 0;
                for (; cursor.valid(); cursor.next()) {
                    byte[] key = Keys.userKey(cursor.key());
                    StoredValue value = new StoredValue(cursor.value());
                    sizeBytes += key.length + value.valueSizeBytes();
                    // As the end of a chunk the empty key could not be told from no end at all.
                    boolean canEnd =
                            !records.isEmpty() && !records.getLast().getKey().isEmpty();
                    if (canEnd && sizeBytes > maxBytes) {
                        return new ShardChunk(records, false);
                    }
                    records.add(record(key, value));
                }
            }
            return new ShardChunk(records, true);
        });
    }

    private static Record record(byte[] key, StoredValue value) {
        return Record.newBuilder()
                .setKey(UnsafeByteOperations.unsafeWrap(key))
                .setValue(UnsafeByteOperations.unsafeWrap(value.valueBuffer()))
                .setVersion(value.version())
                .setDeadlineMillis(value.deadlineMillis())
                .build();
    }

    @Override
    public long digest(int shard, long incarnation) {
        return guarded(() -> {
            long digest = ShardDigest.EMPTY;
            try (Rows.Cursor cursor = snapshot.cursor(Keys.data(shard, incarnation))) {
                for (; cursor.valid(); cursor.next()) {
                    digest += ShardDigest.of(Keys.userKey(cursor.key()), new StoredValue(cursor.value()));
                }
            }
            return digest;
        });
    }

    /**
     * A part of the digest of a shard: of its record and of all rows of its incarnation.
     *
     * @param last the row that the part ends with, null when nothing follows
     */
    record Part(long digest, byte[] last, long sizeBytes) {}

    /** @param after where the part before ended, null for the first */
    Part digestPart(int shard, byte[] after, int maxBytes) {
        return guarded(() -> {
            ShardView view = readShard(shard);
            long digest = after == null
                    ? ShardDigest.ofRow(Keys.record(shard), view.record().toByteArray())
                    : ShardDigest.EMPTY;
            long sizeBytes = 0;
            for (KeyRange range : Keys.rows(shard, view.record().getIncarnation())) {
                if (after != null && Arrays.compareUnsigned(after, range.to()) >= 0) {
                    continue;
                }
                boolean inside = after != null && Arrays.compareUnsigned(after, range.from()) >= 0;
                try (Rows.Cursor cursor = snapshot.cursor(inside ? range.after(after) : range)) {
                    for (; cursor.valid(); cursor.next()) {
                        byte[] key = cursor.key();
                        byte[] value = cursor.value();
                        digest += ShardDigest.ofRow(key, value);
                        sizeBytes += key.length + value.length;
                        if (sizeBytes >= maxBytes) {
                            return new Part(digest, key, sizeBytes);
                        }
                    }
                }
            }
            return new Part(digest, null, sizeBytes);
        });
    }

    @Override
    public List<DueKey> due(int shard, long nowMillis, int limit) {
        return guarded(() -> {
            long incarnation = readShard(shard).record().getIncarnation();
            List<DueKey> due = new ArrayList<>();
            try (Rows.Cursor cursor = snapshot.cursor(Keys.deadlinesUntil(shard, incarnation, nowMillis))) {
                for (; due.size() < limit && cursor.valid(); cursor.next()) {
                    byte[] entry = cursor.key();
                    long version = ByteBuffer.wrap(cursor.value()).getLong();
                    due.add(new DueKey(Keys.keyOfDeadline(entry), version, Keys.deadlineOf(entry)));
                }
            }
            return due;
        });
    }

    @Override
    public List<Orphan> orphans(int limit) {
        return guarded(() -> {
            List<Orphan> orphans = new ArrayList<>();
            try (Rows.Cursor cursor = snapshot.cursor(Keys.data())) {
                while (orphans.size() < limit && cursor.valid()) {
                    int shard = Keys.shardOf(cursor.key());
                    long incarnation = Keys.incarnationOf(cursor.key());
                    ShardRecord record = readShard(shard).record();
                    if (record.getState() == ShardRecord.State.NONE || record.getIncarnation() != incarnation) {
                        orphans.add(new Orphan(shard, incarnation));
                    }
                    cursor.seek(Keys.afterIncarnation(shard, incarnation));
                }
            }
            return orphans;
        });
    }

    @Override
    public void close() {
        gate.lock();
        try {
            if (!closed) {
                release();
                store.forget(this);
            }
        } finally {
            gate.unlock();
        }
    }

    /** Gives the snapshot back, before the database closes at the latest. The gate is held. */
    void release() {
        closed = true;
        snapshot.close();
    }
}
