package dev.quorate.store;

import dev.quorate.store.proto.ShardRecord;
import java.util.BitSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What the group knows of the shards, as applied: the truth is here, in memory, and the rows follow before they are flushed. One thread at a time
 * changes it; anyone reads.
 */
final class ShardRecords {
    /** By number; null where there is no record. */
    private final AtomicReferenceArray<ShardView> latest = new AtomicReferenceArray<>(Keys.SHARDS_MAX);

    /** Those whose rows are older. */
    private final BitSet unwritten = new BitSet();

    private final Set<Snapshot> snapshots = ConcurrentHashMap.newKeySet();

    /** The records as they were when it was taken: those that changed since are kept in it. */
    final class Snapshot implements AutoCloseable {
        private final Map<Integer, ShardView> replaced = new ConcurrentHashMap<>();

        ShardView get(int shard) {
            // In this order: what is replaced is kept here before it is.
            ShardView now = ShardRecords.this.get(shard);
            return replaced.isEmpty() ? now : replaced.getOrDefault(shard, now);
        }

        @Override
        public void close() {
            snapshots.remove(this);
        }
    }

    /** As applied; a number that no shard has is of one that is not here. */
    ShardView get(int shard) {
        ShardView view = shard < 0 || shard >= Keys.SHARDS_MAX ? null : latest.get(shard);
        return view == null ? new ShardView(shard, ShardRecord.getDefaultInstance()) : view;
    }

    /** Not while a record is being replaced. */
    Snapshot snapshot() {
        Snapshot snapshot = new Snapshot();
        snapshots.add(snapshot);
        return snapshot;
    }

    /** As its row has it. */
    void load(int shard, ShardRecord record) {
        latest.set(shard, new ShardView(shard, record));
    }

    void replace(int shard, ShardRecord record, boolean written) {
        if (!snapshots.isEmpty()) {
            ShardView before = get(shard);
            snapshots.forEach(snapshot -> snapshot.replaced.putIfAbsent(shard, before));
        }
        latest.set(shard, new ShardView(shard, record));
        unwritten.set(shard, !written);
    }

    static void put(Rows.Batch batch, int shard, ShardRecord record) {
        batch.put(Keys.record(shard), record.toByteArray());
    }

    /** Adds to the batch what the rows do not have. */
    void writeBack(Rows.Batch batch) {
        unwritten.stream().forEach(shard -> put(batch, shard, get(shard).record()));
        unwritten.clear();
    }
}
