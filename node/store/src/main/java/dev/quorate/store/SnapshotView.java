package dev.quorate.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.TailEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A view is a snapshot of the state. Every use holds the store's gate, so that the database is not closed under it. */
final class SnapshotView implements RowsView {
    /** A row takes no more room in a chunk than it counts for, so that a chunk's bytes are seldom copied. */
    private static final int PACKED_BYTES = 512 << 10;

    private final Store store;
    private final Lock gate;
    private final Database.Snapshot state;
    private final Rows.Snapshot snapshot;
    private boolean closed;

    /** The gate is held. */
    SnapshotView(Store store, Database.Snapshot state, Lock gate) {
        this.store = store;
        this.gate = gate;
        this.state = state;
        snapshot = state.rows();
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

    /** The thread holds the gate for all of them: taking it again costs less. */
    @Override
    public void together(Runnable reads) {
        gate.lock();
        try {
            reads.run();
        } finally {
            gate.unlock();
        }
    }

    @Override
    public long appliedIndex() {
        return guarded(state::appliedIndex);
    }

    @Override
    public ShardView shard(int shard) {
        return guarded(() -> readShard(shard));
    }

    private ShardView readShard(int shard) {
        return state.shards().get(shard);
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
            byte[] afterRow = after == null ? null : Keys.arrived(shard, incarnation, after);
            PackedRows rows = new PackedRows(Math.min(maxBytes, PACKED_BYTES));
            boolean last = walk(
                            Keys.movingRows(shard, incarnation), afterRow, maxBytes, row -> row.visitMoving(rows::add))
                    .last();
            return new ShardChunk(rows.toBytes(), last);
        });
    }

    @Override
    public long digest(int shard, long incarnation) {
        return guarded(() -> {
            DigestSum sum = new DigestSum();
            walk(Keys.movingRows(shard, incarnation), null, Long.MAX_VALUE, row -> row.visitMoving(sum));
            return sum.digest;
        });
    }

    private static final class DigestSum implements PackedRows.Visitor {
        private long digest = ShardDigest.EMPTY;

        @Override
        public void row(byte[] source, int at, int keySize, int valueSize) {
            digest += PackedRows.digest(source, at, keySize, valueSize);
        }
    }

    /** @param lastKey of the rows that were visited; null when they were the last */
    private record Walked(byte[] lastKey, long sizeBytes) {
        boolean last() {
            return lastKey == null;
        }
    }

    /** Visits rows of the ranges in order, from after a row (null: from the first) until they are so many bytes. */
    private Walked walk(List<KeyRange> ranges, byte[] after, long maxBytes, Consumer<RowBuffer> visitor) {
        long sizeBytes = 0;
        RowBuffer row = new RowBuffer();
        RowBuffer before = new RowBuffer();
        for (KeyRange range : ranges) {
            if (after != null && Arrays.compareUnsigned(after, range.to()) >= 0) {
                continue;
            }
            boolean inside = after != null && Arrays.compareUnsigned(after, range.from()) >= 0;
            try (Rows.Cursor cursor = snapshot.bulkCursor(inside ? range.after(after) : range)) {
                for (; cursor.valid(); cursor.next()) {
                    row.load(cursor);
                    if (sizeBytes > 0 && sizeBytes + row.sizeBytes() > maxBytes) {
                        return new Walked(before.key(), sizeBytes);
                    }
                    visitor.accept(row);
                    sizeBytes += row.sizeBytes();
                    RowBuffer visited = row;
                    row = before;
                    before = visited;
                }
            }
        }
        return new Walked(null, sizeBytes);
    }

    @Override
    public ShardTail tail(int shard, long incarnation, long after, int maxBytes) {
        return guarded(() -> {
            List<TailEntry> entries = new ArrayList<>();
            boolean last = walk(
                            List.of(Keys.tail(shard, incarnation)),
                            Keys.tail(shard, incarnation, after),
                            maxBytes,
                            row -> row.visit((source, at, keySize, valueSize) ->
                                    entries.add(tailEntry(source, PackedRows.valueAt(at, keySize), valueSize))))
                    .last();
            return new ShardTail(entries, last);
        });
    }

    private static TailEntry tailEntry(byte[] source, int at, int sizeBytes) {
        try {
            return TailEntry.parseFrom(ByteBuffer.wrap(source, at, sizeBytes));
        } catch (InvalidProtocolBufferException e) {
            throw StoreException.corrupt("a tail is damaged: " + e.getMessage());
        }
    }

    @Override
    public DigestPart digestPart(int shard, long incarnation, byte[] after, int maxBytes) {
        return guarded(() -> {
            DigestSum sum = new DigestSum();
            Walked walked = walk(Keys.movingRows(shard, incarnation), after, maxBytes, row -> row.visitMoving(sum));
            return new DigestPart(sum.digest, walked.lastKey(), walked.sizeBytes());
        });
    }

    /** A part of the digest of a shard: of its record and of all rows of its incarnation. */
    DigestPart scrubPart(int shard, byte[] after, int maxBytes) {
        return guarded(() -> {
            ShardView view = readShard(shard);
            DigestSum sum = new DigestSum();
            if (after == null) {
                sum.digest = ShardDigest.of(Keys.record(shard), view.record().toByteArray());
            }
            // Of a shard that left, each member deletes the rows at its own time.
            List<KeyRange> rows = view.record().getState() == ShardRecord.State.NONE
                    ? List.of()
                    : Keys.rows(shard, view.record().getIncarnation());
            Walked walked = walk(rows, after, maxBytes, row -> row.visit(sum));
            return new DigestPart(sum.digest, walked.lastKey(), walked.sizeBytes());
        });
    }

    @Override
    public boolean hasIdleSessions(int shard, long nowMillis, long idleMillis) {
        return guarded(() -> {
            long incarnation = readShard(shard).record().getIncarnation();
            try (Rows.Cursor cursor = snapshot.cursor(Keys.sessions(shard, incarnation))) {
                for (; cursor.valid(); cursor.next()) {
                    long lastMillis = Session.parse(cursor.value()).getLastUsedMillis();
                    if (Session.isIdle(lastMillis, nowMillis, idleMillis)) {
                        return true;
                    }
                }
            }
            return false;
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
            Set<Orphan> orphans = new LinkedHashSet<>();
            for (KeyRange kind : Keys.movingRows()) {
                try (Rows.Cursor cursor = snapshot.cursor(kind)) {
                    while (orphans.size() < limit && cursor.valid()) {
                        byte[] key = cursor.key();
                        Orphan owner = new Orphan(Keys.shardOf(key), Keys.incarnationOf(key));
                        ShardRecord record = readShard(owner.shard()).record();
                        boolean current = record.getState() != ShardRecord.State.NONE
                                && record.getIncarnation() == owner.incarnation();
                        if (!current && !snapshot.isDropped(key)) {
                            orphans.add(owner);
                        }
                        cursor.seek(Keys.afterIncarnation(key));
                    }
                }
            }
            return List.copyOf(orphans);
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
        state.close();
    }
}
