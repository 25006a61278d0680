package dev.quorate.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.CompressionType;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** An open RocksDB directory. Its own log is off: the Raft log is the log. Not safe to use while it is being closed; {@link Store} sees to that. */
final class RocksRows implements Rows {
    /** RocksDB must not flush by itself, since the rows lag behind the state until just before a flush. */
    private static final long NEVER_FULL_BYTES = 2L << 30;

    private static final long ARENA_BLOCK_BYTES = 256 << 10;

    /** What a row takes in memory beyond its key and value, about. */
    private static final int ROW_OVERHEAD_BYTES = 48;

    /** What a bulk cursor reads of a file at once. */
    private static final long BULK_READ_BYTES = 256 << 10;

    /** A file or two. */
    private static final long RECLAIMED_BYTES_AT_ONCE = 64 << 20;

    private final Path directory;
    private final List<AbstractNativeReference> natives = new ArrayList<>();
    private final ReadOptions latest;
    private final ReadOptions persisted;
    private final WriteOptions unlogged;
    private final Options settings;
    private final RocksDB db;
    private final RocksBatch.Buffers batchBuffers = new RocksBatch.Buffers();
    private final long flushBytes;
    /** Written since the last flush was begun. */
    private final AtomicLong unflushedBytes = new AtomicLong();

    private final AtomicLong runs = new AtomicLong();
    private final DroppedRanges dropped;

    private RocksRows(Path directory, StoreOptions options, boolean readOnly) {
        RocksDB.loadLibrary();
        this.directory = directory;
        flushBytes = options.writeBufferBytes();
        latest = owned(new ReadOptions());
        persisted = owned(new ReadOptions().setReadTier(ReadTier.PERSISTED_TIER));
        unlogged = owned(new WriteOptions().setDisableWAL(true));
        settings = settings(options).setCreateIfMissing(!readOnly);
        try {
            db = readOnly
                    ? RocksDB.openReadOnly(settings, directory.toString())
                    : RocksDB.open(settings, directory.toString());
        } catch (RocksDBException e) {
            natives.reversed().forEach(AbstractNativeReference::close);
            throw StoreException.of("the store in " + directory + " can't be opened", e);
        }
        try {
            dropped = new DroppedRanges(db);
        } catch (RocksDBException e) {
            close();
            throw failed(e);
        }
    }

    /** Opens the directory, or makes an empty store there. */
    static RocksRows open(Path directory, StoreOptions options) {
        refuseTruncated(directory);
        RocksRun.deleteLeft(directory);
        return new RocksRows(directory, options, false);
    }

    /** Opens a checkpoint to look into it. */
    static RocksRows openReadOnly(Path directory) {
        return new RocksRows(directory, StoreOptions.defaults(), true);
    }

    /** RocksDB would take a directory that lost its CURRENT file for a new one. */
    private static void refuseTruncated(Path directory) {
        if (!Files.isDirectory(directory) || Files.exists(directory.resolve("CURRENT"))) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            if (files.anyMatch(file -> file.toString().endsWith(".sst"))) {
                throw StoreException.corrupt("the store in " + directory
                        + " holds data but lost its file CURRENT: rebuild this replica from its peers");
            }
        } catch (IOException e) {
            throw StoreException.io("can't read " + directory, e);
        }
    }

    private Options settings(StoreOptions options) {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(owned(new LRUCache(options.blockCacheBytes())))
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
                .setFilterPolicy(owned(new BloomFilter(10)));
        return owned(new Options())
                .setTableFormatConfig(table)
                .setWriteBufferSize(NEVER_FULL_BYTES)
                .setArenaBlockSize(ARENA_BLOCK_BYTES)
                .setMaxWriteBufferNumber(options.writeBuffers())
                .setAvoidFlushDuringShutdown(true)
                .setListeners(List.of(owned(new NoRecovery())))
                .setAllowConcurrentMemtableWrite(false) // there is one writer
                .setMaxOpenFiles(options.openFiles())
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setLevelCompactionDynamicLevelBytes(true)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setStatsDumpPeriodSec(0);
    }

    private <T extends AbstractNativeReference> T owned(T object) {
        natives.add(object);
        return object;
    }

    private interface Call<T> {
        T run() throws RocksDBException;
    }

    private <T> T call(Call<T> call) {
        try {
            return call.run();
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    private StoreException failed(RocksDBException cause) {
        return StoreException.of("the store in " + directory + " failed", cause);
    }

    /** Reads every block of every file. */
    void verifyChecksums() {
        call(() -> {
            db.verifyChecksum();
            return null;
        });
    }

    @Override
    public byte[] get(byte[] key) {
        return call(() -> db.get(latest, key));
    }

    @Override
    public List<byte[]> multiGet(List<byte[]> keys) {
        return multiGet(latest, keys);
    }

    /** The bindings answer null for a key that can't be read as for one that is not there; only {@code get} tells the two apart. */
    private List<byte[]> multiGet(ReadOptions options, List<byte[]> keys) {
        if (keys.isEmpty()) {
            return List.of();
        }
        return call(() -> {
            List<byte[]> values = db.multiGetAsList(options, keys);
            for (int i = 0; i < values.size(); i++) {
                if (values.get(i) == null) {
                    values.set(i, db.get(options, keys.get(i)));
                }
            }
            return values;
        });
    }

    /** RocksDB answers from its files alone. */
    @Override
    public byte[] getDurable(byte[] key) {
        return call(() -> db.get(persisted, key));
    }

    @Override
    public Snapshot snapshot() {
        return new RocksSnapshot();
    }

    @Override
    public Batch newBatch() {
        return new RocksBatch(batchBuffers, dropped);
    }

    @Override
    public Run newRun() {
        return call(() -> new RocksRun(db, settings, directory, runs.incrementAndGet(), unflushedBytes));
    }

    @Override
    public void write(Batch batch) {
        RocksBatch changes = (RocksBatch) batch;
        try (WriteBatch encoded = changes.encoded()) {
            db.write(unlogged, encoded);
            if (changes.drops()) {
                dropped.add(changes.marked());
                dropped.forget(changes.unmarked());
            }
            unflushedBytes.addAndGet(changes.sizeBytes() + (long) ROW_OVERHEAD_BYTES * changes.count());
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public void flush() {
        long sequence = db.getLatestSequenceNumber();
        flush(true);
        dropped.durableUpTo(sequence);
    }

    @Override
    public boolean isFlushWanted() {
        return dropped.isFlushWanted();
    }

    @Override
    public List<KeyRange> reclaim() {
        return call(() -> dropped.unlink(RECLAIMED_BYTES_AT_ONCE));
    }

    @Override
    public boolean isFlushDue() {
        return unflushedBytes.get() >= flushBytes;
    }

    @Override
    public void beginFlush() {
        flush(false);
    }

    /** RocksDB begins a new buffer at once, and waits only where too many old ones are still on their way to the disk. */
    private void flush(boolean wait) {
        unflushedBytes.set(0);
        try (FlushOptions how = new FlushOptions().setWaitForFlush(wait)) {
            db.flush(how);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    /** Flushes, and links the files of the state as it is now into a new directory. */
    void checkpoint(Path target) {
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            flush();
            checkpoint.createCheckpoint(target.toString());
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public WriteStalls writeStalls() {
        return call(() -> {
            Map<String, String> counts = db.getMapProperty("rocksdb.cf-write-stall-stats");
            return new WriteStalls(
                    db.getLongProperty("rocksdb.is-write-stopped") != 0,
                    db.getLongProperty("rocksdb.actual-delayed-write-rate"),
                    Long.parseLong(counts.get("total-delays")) + Long.parseLong(counts.get("total-stops")));
        });
    }

    @Override
    public void close() {
        db.close();
        natives.reversed().forEach(AbstractNativeReference::close);
    }

    /** After a failure RocksDB would wait for space and then flush by itself. This process stops instead. */
    private static final class NoRecovery extends AbstractEventListener {
        NoRecovery() {
            super(EnabledEventCallback.ON_ERROR_RECOVERY_BEGIN);
        }

        @Override
        public boolean onErrorRecoveryBegin(BackgroundErrorReason reason, Status error) {
            return false;
        }
    }

    private final class RocksSnapshot implements Snapshot {
        private final org.rocksdb.Snapshot snapshot = db.getSnapshot();
        private final ReadOptions options = new ReadOptions().setSnapshot(snapshot);

        @Override
        public boolean isDropped(byte[] key) {
            return dropped.contains(key);
        }

        @Override
        public byte[] get(byte[] key) {
            return call(() -> db.get(options, key));
        }

        @Override
        public List<byte[]> multiGet(List<byte[]> keys) {
            return RocksRows.this.multiGet(options, keys);
        }

        @Override
        public Cursor cursor(KeyRange range) {
            return new RocksCursor(new ReadOptions().setSnapshot(snapshot), range);
        }

        @Override
        public Cursor bulkCursor(KeyRange range) {
            return new RocksCursor(
                    new ReadOptions().setSnapshot(snapshot).setFillCache(false).setReadaheadSize(BULK_READ_BYTES),
                    range);
        }

        @Override
        public void close() {
            options.close();
            db.releaseSnapshot(snapshot);
            snapshot.close();
        }
    }

    private final class RocksCursor implements Cursor {
        private final Slice end;
        private final ReadOptions options;
        private final RocksIterator iterator;

        RocksCursor(ReadOptions options, KeyRange range) {
            end = new Slice(range.to());
            this.options = options.setIterateUpperBound(end);
            iterator = db.newIterator(options);
            iterator.seek(range.from());
        }

        @Override
        public boolean valid() {
            if (iterator.isValid()) {
                return true;
            }
            try {
                iterator.status();
            } catch (RocksDBException e) {
                throw failed(e);
            }
            return false;
        }

        @Override
        public byte[] key() {
            return iterator.key();
        }

        @Override
        public byte[] value() {
            return iterator.value();
        }

        @Override
        public int copyKey(byte[] target, int at) {
            return iterator.key(target, at, target.length - at);
        }

        @Override
        public int copyValue(byte[] target, int at) {
            return iterator.value(target, at, target.length - at);
        }

        @Override
        public void next() {
            iterator.next();
        }

        @Override
        public void seek(byte[] key) {
            iterator.seek(key);
        }

        @Override
        public void close() {
            iterator.close();
            options.close();
            end.close();
        }
    }
}
