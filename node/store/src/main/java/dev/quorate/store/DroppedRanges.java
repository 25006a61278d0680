package dev.quorate.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Large ranges of keys that were dropped: nothing is ever written there again, and nobody looks there. RocksDB would forget such a range at once, by one row,
 * and give its space back when it compacts it; that it does at once, too, for the row counts as much as what it covers. It reads all of it then, and while
 * any snapshot is older, of whatever range, it even writes all of it again. So that row waits. First there is only a mark, in the batch that drops the range; then whole
 * files are unlinked, a few at a time, once that changes nothing for anybody: the mark is durable, lest an older state be replayed without its
 * rows; and no snapshot is older than it. At last the mark makes way for the deletion of what is left at the edges.
 *
 * <p>A process that ends on the way goes on where the marks are, and so does a member that was sent the files, marks among them, as a snapshot. For any thread.
 */
final class DroppedRanges {
    private static final String OLDEST_SNAPSHOT = "rocksdb.oldest-snapshot-sequence";

    /** Less is deleted and compacted at once. */
    private static final long LARGE_BYTES = 16 << 20;

    private final RocksDB db;
    /** In the order in which they were dropped. */
    private final List<Dropped> ranges = new ArrayList<>();

    private long durableSequence;

    /** @param sequence of RocksDB just after the mark */
    private record Dropped(KeyRange range, long sequence) {}

    /** Those that have a mark. */
    DroppedRanges(RocksDB db) throws RocksDBException {
        this.db = db;
        KeyRange marks = Keys.dropMarks();
        try (ReadOptions options = new ReadOptions();
                RocksIterator iterator = db.newIterator(options)) {
            for (iterator.seek(marks.from()); iterator.isValid(); iterator.next()) {
                if (!marks.contains(iterator.key())) {
                    break;
                }
                ranges.add(new Dropped(new KeyRange(Keys.firstDropped(iterator.key()), iterator.value()), 0));
            }
            iterator.status();
        }
    }

    /** By whether there are so many whole files of a range that it should only be marked. */
    Map<Boolean, List<KeyRange>> byLarge(List<KeyRange> dropped) {
        List<LiveFileMetaData> files = db.getLiveFilesMetaData();
        return dropped.stream()
                .collect(Collectors.partitioningBy(range -> filesOf(range, files).stream()
                                .mapToLong(LiveFileMetaData::size)
                                .sum()
                        >= LARGE_BYTES));
    }

    /** Their marks are written. */
    synchronized void add(List<KeyRange> marked) {
        long sequence = db.getLatestSequenceNumber();
        marked.forEach(range -> {
            if (!contains(range.from())) {
                ranges.add(new Dropped(range, sequence));
            }
        });
    }

    /** Whether a row is one that nobody should see. */
    synchronized boolean contains(byte[] key) {
        return ranges.stream().anyMatch(dropped -> dropped.range().contains(key));
    }

    /** Their rest is deleted, and their marks. */
    synchronized void forget(List<KeyRange> deleted) {
        for (KeyRange range : deleted) {
            ranges.removeIf(dropped -> Arrays.equals(dropped.range().from(), range.from()));
        }
    }

    /** Whether a flush would let some space be given back. */
    synchronized boolean isFlushWanted() {
        return ranges.stream().anyMatch(dropped -> dropped.sequence() > durableSequence);
    }

    /** What was written up to this sequence is durable. */
    synchronized void durableUpTo(long sequence) {
        durableSequence = Math.max(durableSequence, sequence);
    }

    /** Unlinks files until they were so many bytes. Ranges that have no whole file any more. */
    synchronized List<KeyRange> unlink(long maxBytes) throws RocksDBException {
        List<KeyRange> rest = new ArrayList<>();
        long oldestSnapshot = ranges.isEmpty() ? 0 : db.getLongProperty(OLDEST_SNAPSHOT);
        long bytes = 0;
        for (Dropped dropped : ranges) {
            if (dropped.sequence() > durableSequence || oldestSnapshot != 0 && oldestSnapshot < dropped.sequence()) {
                break;
            }
            for (LiveFileMetaData file : filesOf(dropped.range(), db.getLiveFilesMetaData())) {
                if (file.beingCompacted() || bytes >= maxBytes) {
                    return rest;
                }
                db.deleteFilesInRanges(
                        db.getDefaultColumnFamily(), List.of(file.smallestKey(), file.largestKey()), true);
                bytes += file.size();
            }
            rest.add(dropped.range());
        }
        return rest;
    }

    /** Of level 0 RocksDB unlinks none. */
    private static List<LiveFileMetaData> filesOf(KeyRange range, List<LiveFileMetaData> files) {
        return files.stream()
                .filter(file -> file.level() > 0
                        && Arrays.compareUnsigned(file.smallestKey(), range.from()) >= 0
                        && Arrays.compareUnsigned(file.largestKey(), range.to()) < 0)
                .toList();
    }
}
