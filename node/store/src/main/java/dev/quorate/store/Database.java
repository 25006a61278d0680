package dev.quorate.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.quorate.api.ShardMap;
import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.store.proto.GroupMembers;
import dev.quorate.store.proto.ShardRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksObject;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * One open RocksDB directory, with the small part of its content that is always in memory: what is applied, the shards' records and the map. Not
 * safe to use while it is being closed; {@link Store} sees to that.
 */
final class Database implements AutoCloseable {
    private static final byte[] FORMAT_VERSION = {1};

    private final Path directory;
    private final List<RocksObject> natives = new ArrayList<>();
    private final ReadOptions latest;
    private final ReadOptions persisted;
    private final WriteOptions unlogged;
    private final RocksDB db;

    /** By number; null where there is no record. */
    private final AtomicReferenceArray<ShardView> shards = new AtomicReferenceArray<>(Keys.SHARDS_MAX);

    private volatile ShardMap map;
    private volatile GroupMembers members;
    private volatile SnapshotMeta applied;

    private Database(Path directory, StoreOptions options, boolean readOnly) {
        RocksDB.loadLibrary();
        this.directory = directory;
        latest = owned(new ReadOptions());
        persisted = owned(new ReadOptions().setReadTier(ReadTier.PERSISTED_TIER));
        unlogged = owned(new WriteOptions().setDisableWAL(true));
        Options settings = settings(options).setCreateIfMissing(!readOnly);
        try {
            db = readOnly
                    ? RocksDB.openReadOnly(settings, directory.toString())
                    : RocksDB.open(settings, directory.toString());
        } catch (RocksDBException e) {
            natives.reversed().forEach(RocksObject::close);
            throw StoreException.of("the store in " + directory + " can't be opened", e);
        }
    }

    /** Opens the directory, or makes an empty store there. */
    static Database open(Path directory, StoreOptions options) {
        refuseTruncated(directory);
        return new Database(directory, options, false).load();
    }

    /** Opens a checkpoint to read what is applied in it. */
    static Database openReadOnly(Path directory) {
        return new Database(directory, StoreOptions.defaults(), true).load();
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
                .setFilterPolicy(owned(new BloomFilter(10)));
        return owned(new Options())
                .setTableFormatConfig(table)
                .setWriteBufferSize(options.writeBufferBytes())
                .setMaxWriteBufferNumber(options.writeBuffers())
                .setMaxOpenFiles(options.openFiles())
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setLevelCompactionDynamicLevelBytes(true)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setStatsDumpPeriodSec(0);
    }

    private <T extends RocksObject> T owned(T object) {
        natives.add(object);
        return object;
    }

    private Database load() {
        try {
            checkFormat();
            byte[] position = db.get(Keys.APPLIED);
            byte[] membership = db.get(Keys.MEMBERSHIP);
            applied = meta(position, membership == null ? Membership.NONE : MembershipCodec.decode(membership));
            byte[] encodedMap = db.get(Keys.MAP);
            map = encodedMap == null ? ShardMap.getDefaultInstance() : ShardMap.parseFrom(encodedMap);
            byte[] encodedMembers = db.get(Keys.GROUP_MEMBERS);
            members =
                    encodedMembers == null ? GroupMembers.getDefaultInstance() : GroupMembers.parseFrom(encodedMembers);
            try (Cursor cursor = new Cursor(db, null, Keys.records())) {
                for (; cursor.valid(); cursor.next()) {
                    int shard = Keys.shardOf(cursor.key());
                    shards.setPlain(shard, new ShardView(shard, ShardRecord.parseFrom(cursor.value())));
                }
            }
            return this;
        } catch (RocksDBException e) {
            close();
            throw StoreException.of("the store in " + directory + " can't be read", e);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            close();
            throw StoreException.corrupt("the store in " + directory + " is damaged: " + e.getMessage()
                    + ": rebuild this replica from its peers");
        }
    }

    private void checkFormat() throws RocksDBException {
        byte[] format = db.get(Keys.FORMAT);
        if (format == null && db.get(Keys.APPLIED) == null && db.get(Keys.MEMBERSHIP) == null) {
            return;
        }
        if (format == null || format.length != 1 || format[0] != FORMAT_VERSION[0]) {
            throw new IllegalArgumentException(
                    "its format is not " + FORMAT_VERSION[0] + ", the one that this version reads");
        }
    }

    private static SnapshotMeta meta(byte[] position, Membership membership) {
        return position == null
                ? new SnapshotMeta(0, 0, membership)
                : new SnapshotMeta(index(position), ByteBuffer.wrap(position).getLong(8), membership);
    }

    private static long index(byte[] position) {
        return position == null ? 0 : ByteBuffer.wrap(position).getLong();
    }

    RocksDB rocks() {
        return db;
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

    byte[] get(byte[] key) throws RocksDBException {
        return db.get(latest, key);
    }

    List<byte[]> multiGet(List<byte[]> keys) throws RocksDBException {
        return db.multiGetAsList(latest, keys);
    }

    /** The applied index in a state as old as a view's. */
    long appliedIndex(ReadOptions state) throws RocksDBException {
        return index(db.get(state, Keys.APPLIED));
    }

    /** The applied index that survives a crash: RocksDB answers from its files alone. */
    long flushedIndex() throws RocksDBException {
        return appliedIndex(persisted);
    }

    void flush() throws RocksDBException {
        try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
            db.flush(wait);
        }
    }

    /** The first batch of an empty store. */
    void initialize(Membership membership, GroupMembers firstMembers) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            commit(batch, new SnapshotMeta(0, 0, membership), Map.of(), map, firstMembers);
        }
        flush();
    }

    /** Writes the batch and, in it, what is applied by it; then shows it in memory. */
    void commit(
            WriteBatch batch,
            SnapshotMeta meta,
            Map<Integer, ShardRecord> records,
            ShardMap newMap,
            GroupMembers newMembers)
            throws RocksDBException {
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
        db.write(unlogged, batch);
        records.forEach((shard, record) -> shards.set(shard, new ShardView(shard, record)));
        map = newMap;
        members = newMembers;
        applied = meta;
    }

    @Override
    public void close() {
        db.close();
        natives.reversed().forEach(RocksObject::close);
    }
}
