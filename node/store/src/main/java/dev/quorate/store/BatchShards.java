package dev.quorate.store;

import dev.quorate.store.proto.ShardRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The shards as they are after the entries so far of those that are applied together. */
final class BatchShards {
    private final Database database;
    private final Map<Integer, ShardRecord> records = new HashMap<>();
    private final Map<Integer, Progress> progress = new HashMap<>();

    BatchShards(Database database) {
        this.database = database;
    }

    /** How far writes have moved a shard beyond its record. */
    static final class Progress {
        long version;
        long clockMillis;
        boolean noDeadlines;
        long exportDigest;

        private Progress(ShardRecord record) {
            version = record.getVersionCounter();
            clockMillis = record.getClockMillis();
            noDeadlines = record.getNoDeadlines();
            exportDigest = record.getExportDigest();
        }

        private ShardRecord addedTo(ShardRecord record) {
            return record.toBuilder()
                    .setVersionCounter(version)
                    .setClockMillis(clockMillis)
                    .setNoDeadlines(noDeadlines)
                    .setExportDigest(exportDigest)
                    .build();
        }
    }

    /** As it is after the entries so far. */
    ShardRecord record(int shard) {
        Progress made = progress.remove(shard);
        if (made != null) {
            records.put(shard, made.addedTo(lastRecord(shard)));
        }
        return lastRecord(shard);
    }

    /** The same without the progress since. */
    ShardRecord lastRecord(int shard) {
        ShardRecord record = records.get(shard);
        return record == null ? database.shard(shard).record() : record;
    }

    ShardView view(int shard) {
        return new ShardView(shard, record(shard));
    }

    Progress progress(int shard) {
        Progress made = progress.get(shard);
        if (made == null) {
            made = new Progress(lastRecord(shard));
            progress.put(shard, made);
        }
        return made;
    }

    void replace(int shard, ShardRecord record) {
        records.put(shard, record);
    }

    /** All that changed. */
    Map<Integer, ShardRecord> changed() {
        List.copyOf(progress.keySet()).forEach(this::record);
        return records;
    }
}
