package dev.quorate.store;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Ranges of keys that were deleted for good: nothing is ever written there again. RocksDB forgets at once what is there, but gives its space back only when it
 * comes to compact it, which in a store that is not written to may be never, and reads all of it then. So whole files of a range are unlinked here, a few at
 * a time, once that changes nothing for anybody: the deletion is durable, lest an older state be replayed without its rows; and no snapshot is older than it.
 *
 * <p>What is forgotten when the process ends waits for a compaction. For any thread.
 */
final class DroppedRanges {
    private static final String OLDEST_SNAPSHOT = "rocksdb.oldest-snapshot-sequence";
    /** Ranges that are small wait for a compaction. */
    private static final int RANGES_MAX = 1_024;

    private final RocksDB db;
    private final Queue<Dropped> notDurable = new ArrayDeque<>();
    private final Queue<Dropped> durable = new ArrayDeque<>();

    /** @param sequence of RocksDB just after the deletion */
    private record Dropped(KeyRange range, long sequence) {}

    DroppedRanges(RocksDB db) {
        this.db = db;
    }

    /** The deletions are written. */
    synchronized void add(List<KeyRange> ranges) {
        long sequence = db.getLatestSequenceNumber();
        for (KeyRange range : ranges) {
            if (notDurable.size() + durable.size() < RANGES_MAX) {
                notDurable.add(new Dropped(range, sequence));
            }
        }
    }

    /** Whether a flush would let some space be given back. Forgets ranges that hold no whole file. */
    synchronized boolean isFlushWanted() {
        if (notDurable.isEmpty()) {
            return false;
        }
        List<LiveFileMetaData> files = db.getLiveFilesMetaData();
        notDurable.removeIf(dropped -> filesOf(dropped.range(), files).isEmpty());
        return !notDurable.isEmpty();
    }

    /** What was written up to this sequence is durable. */
    synchronized void durableUpTo(long sequence) {
        while (!notDurable.isEmpty() && notDurable.peek().sequence() <= sequence) {
            durable.add(notDurable.remove());
        }
    }

    /** Unlinks files until they were so many bytes. */
    synchronized void unlink(long maxBytes) throws RocksDBException {
        if (durable.isEmpty()) {
            return;
        }
        long oldestSnapshot = db.getLongProperty(OLDEST_SNAPSHOT);
        long bytes = 0;
        while (!durable.isEmpty()) {
            Dropped dropped = durable.peek();
            if (oldestSnapshot != 0 && oldestSnapshot < dropped.sequence()) {
                return;
            }
            for (LiveFileMetaData file : filesOf(dropped.range(), db.getLiveFilesMetaData())) {
                if (file.beingCompacted() || bytes >= maxBytes) {
                    return;
                }
                if (file.level() > 0) { // of level 0 RocksDB unlinks none
                    db.deleteFilesInRanges(
                            db.getDefaultColumnFamily(), List.of(file.smallestKey(), file.largestKey()), true);
                    bytes += file.size();
                }
            }
            durable.remove();
        }
    }

    private static List<LiveFileMetaData> filesOf(KeyRange range, List<LiveFileMetaData> files) {
        return files.stream()
                .filter(file -> Arrays.compareUnsigned(file.smallestKey(), range.from()) >= 0
                        && Arrays.compareUnsigned(file.largestKey(), range.to()) < 0)
                .toList();
    }
}
