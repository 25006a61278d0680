package dev.quorate.store;

import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.TailChange;
import dev.quorate.store.proto.TailEntry;
import java.util.List;

/** What entries change in shards that are being copied is kept for the target, and counted in the digest. */
final class ExportTails {
    private final BatchShards shards;
    private final Rows.Batch batch;

    ExportTails(BatchShards shards, Rows.Batch batch) {
        this.shards = shards;
        this.batch = batch;
    }

    /** Whether changes of the shard are to be told. */
    static boolean follows(ShardRecord shard) {
        return shard.getState() == ShardRecord.State.EXPORTING;
    }

    /** Keeps what the entry of an index changed, if the shard is being copied. */
    void follow(int shard, ShardRecord record, long index, List<RowChange> changes) {
        if (!follows(record) || changes.isEmpty()) {
            return;
        }
        BatchShards.Progress now = shards.progress(shard);
        TailEntry.Builder entry = TailEntry.newBuilder().setIndex(index);
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
        batch.put(
                Keys.tail(shard, record.getIncarnation(), index), entry.build().toByteArray());
    }

    void drop(ShardView shard) {
        batch.deleteRange(Keys.tail(shard.shard(), shard.record().getIncarnation()));
    }
}
