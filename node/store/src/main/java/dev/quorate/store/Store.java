package dev.quorate.store;

import dev.quorate.api.Member;
import dev.quorate.api.ShardMap;
import dev.quorate.raft.Entry;
import dev.quorate.raft.Membership;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.store.proto.GroupMembers;
import dev.quorate.store.proto.ShardRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group's replicated state machine on one member's disk. Committed entries go in, in order, by one thread; results come out, the same on every
 * member. All other methods are for any thread.
 */
public final class Store implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Store.class);

    private final Storage storage;
    private final Scrubs scrubs;

    /**
     * Whoever uses the database holds it shared; who closes or replaces it, alone. Fair: busy readers on virtual threads would otherwise keep a
     * replacement waiting for ever.
     */
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(true);

    private final Set<SnapshotView> views = ConcurrentHashMap.newKeySet();

    /** Null once closed. Guarded by the gate. */
    private Database database;

    private Store(Storage storage) {
        this.storage = storage;
        scrubs = storage.scrubs();
        database = Database.open(storage);
    }

    /** Opens the store in a directory, with RocksDB in {@code current} in it; else as {@link #open(Storage)}. */
    public static Store open(Path directory, StoreOptions options) {
        return open(new RocksStorage(directory, options));
    }

    /**
     * Opens the store on a storage, or makes an empty one. After a crash it is at some index not below the last {@link #flushedIndex}: the log
     * replays from there. Finishes a replacement by a snapshot that a crash cut short.
     *
     * @throws StoreException of kind CORRUPT or IO
     */
    public static Store open(Storage storage) {
        Store store = new Store(storage);
        SnapshotMeta applied = store.applied();
        log.info("store opened directory={} applied={} term={}", storage, applied.index(), applied.term());
        return store;
    }

    /** What is applied: index 0, term 0 and no members when nothing is. */
    public SnapshotMeta applied() {
        return shared(Database::applied);
    }

    /**
     * Gives an empty store its first members; durable on return. The same members again are accepted.
     *
     * @throws IllegalStateException when the store holds state already
     */
    public void initialize(Membership membership) {
        initialize(membership, List.of());
    }

    /**
     * The same, and where they are.
     *
     * @param members by the membership's ids
     */
    public void initialize(Membership membership, List<Member> members) {
        shared(database -> {
            SnapshotMeta applied = database.applied();
            if (applied.index() == 0 && applied.membership().equals(Membership.NONE)) {
                database.initialize(
                        membership,
                        GroupMembers.newBuilder().addAllMembers(members).build());
            } else if (applied.index() > 0 || !applied.membership().equals(membership)) {
                throw new IllegalStateException("the store holds state already, up to index " + applied.index());
            }
            return null;
        });
    }

    /**
     * Applies committed entries that follow what is applied, without a gap. By one thread at a time. They are atomic with the applied index (all of
     * them, save that a command which moves a shard's data is atomic by itself), but not durable: see {@link #flushedIndex}.
     *
     * @return their results, in order
     * @throws StoreException of kind IO or CORRUPT: this member can't go on
     */
    public List<ApplyResult> apply(List<Entry> entries) {
        return shared(database -> {
            List<CommittedEntry> committed = decode(entries, database.applied().index());
            return database.exclusively(() -> apply(database, committed));
        });
    }

    private List<ApplyResult> apply(Database open, List<CommittedEntry> entries) {
        List<ApplyResult> results = new ArrayList<>(entries.size());
        int from = 0;
        while (from < entries.size()) {
            int to = endOfBatch(entries, from);
            applyBatch(open, entries.subList(from, to), results);
            if (results.getLast() instanceof ApplyResult.Scrubbing(int shard, long index)) {
                scrubs.begin(index, shard, view(open.snapshotWithSessions(shard)));
            }
            from = to;
        }
        return results;
    }

    private static List<CommittedEntry> decode(List<Entry> entries, long appliedIndex) {
        List<CommittedEntry> committed = new ArrayList<>(entries.size());
        long expected = appliedIndex + 1;
        for (Entry entry : entries) {
            if (entry.index() != expected) {
                throw new IllegalArgumentException(
                        "entry " + entry.index() + " can't be applied: " + expected + " is next");
            }
            committed.add(CommittedEntry.decode(entry));
            expected++;
        }
        return committed;
    }

    private static int endOfBatch(List<CommittedEntry> entries, int from) {
        int to = from;
        while (to < entries.size() && !ApplyBatch.isAlone(entries.get(to).command())) {
            to++;
        }
        return Math.max(to, from + 1);
    }

    private static void applyBatch(Database database, List<CommittedEntry> entries, List<ApplyResult> results) {
        try (ApplyBatch batch = new ApplyBatch(database)) {
            results.addAll(batch.apply(entries));
            batch.commit();
        }
    }

    /** The state as it is now, for as long as the view is open. */
    public StoreView view() {
        return shared(open -> view(open.snapshot()));
    }

    /** The same, for who wants all rows of a shard, its sessions too. */
    public RowsView rowsView(int shard) {
        return shared(open -> view(open.snapshotWithSessions(shard)));
    }

    private SnapshotView view(Database.Snapshot snapshot) {
        SnapshotView view = new SnapshotView(this, snapshot, gate.readLock());
        views.add(view);
        return view;
    }

    /**
     * The digest of a shard at the index of a {@code Scrub} command, once this replica has taken it. The last 256 are kept, in memory: one that
     * does not come (the replica was restarted, or too many were asked for at once) is asked for again by another command.
     */
    public Optional<ScrubResult> scrub(long index) {
        return scrubs.result(index);
    }

    void forget(SnapshotView view) {
        views.remove(view);
    }

    /** The root group's shard map as applied; the default instance, of epoch 0, when there is none. */
    public ShardMap map() {
        return shared(Database::map);
    }

    /** Where this group's members are, and who was removed, as applied. */
    public GroupMembers members() {
        return shared(Database::members);
    }

    /** A shard as applied, from memory; state NONE when it is not here. */
    public ShardView shard(int shard) {
        return shared(database -> database.shard(shard));
    }

    /** All shards that this group has anything of, as applied, from memory. */
    public List<ShardView> shards() {
        return shared(database -> {
            List<ShardView> present = new ArrayList<>();
            for (int shard = 0; shard < Keys.SHARDS_MAX; shard++) {
                ShardView view = database.shard(shard);
                if (view.record().getState() != ShardRecord.State.NONE) {
                    present.add(view);
                }
            }
            return List.copyOf(present);
        });
    }

    /** The applied index that would survive a crash now: the log must keep what follows it. */
    public long flushedIndex() {
        return shared(Database::flushedIndex);
    }

    /** Makes all that is applied durable. Returns the index then durable. */
    public long flush() {
        return shared(database -> {
            database.flush();
            return database.flushedIndex();
        });
    }

    /**
     * Gives back some of the disk space of shards that are gone: at most about 64 MiB a call, so that whoever calls it again and again sets the pace. What is
     * there for a snapshot or a view that is still open waits.
     */
    public void reclaim() {
        shared(database -> {
            database.reclaim();
            return null;
        });
    }

    /** Whether the disk's part of the store holds writers back. */
    public WriteStalls writeStalls() {
        return shared(database -> database.rows().writeStalls());
    }

    /**
     * Writes the state at some index not below the one applied now into a new directory, as hard links if it is on the same file system.
     *
     * @param target must not exist; its parent must
     * @throws StoreException of kind CORRUPT when the files are damaged
     * @throws UnsupportedOperationException when the store is in memory: see {@link #image}
     */
    public Checkpoint checkpoint(Path target) {
        shared(database -> {
            if (!(database.rows() instanceof RocksRows rows)) {
                throw new UnsupportedOperationException("a store in memory has no files");
            }
            database.flushing(() -> rows.checkpoint(target));
            return null;
        });
        return CheckpointFiles.describe(target);
    }

    /**
     * The state as it is now, made durable as a checkpoint is.
     *
     * @throws UnsupportedOperationException when the store is in files: see {@link #checkpoint}
     */
    public MemoryStorage.Image image() {
        if (!(storage instanceof MemoryStorage memory)) {
            throw new UnsupportedOperationException("a store in files has no image in memory");
        }
        flush();
        return memory.image();
    }

    /**
     * Makes a received checkpoint durable and checks it.
     *
     * @throws StoreException of kind BAD_SNAPSHOT when the files are not what was sent, or not what they claim to be
     */
    public static void verify(Checkpoint received) {
        CheckpointFiles.verify(received);
    }

    /**
     * Replaces all state by that of a received checkpoint; durable on return. A crash leaves the old state or the new one. Views that are open
     * fail with kind CLOSED afterwards. The received directory is used up.
     *
     * @param received in a directory on the store's file system
     * @throws StoreException of kind BAD_SNAPSHOT when the files are not what was sent: then nothing changed
     */
    public void install(Checkpoint received) {
        if (!(storage instanceof RocksStorage files)) {
            throw new UnsupportedOperationException("a store in memory takes no files");
        }
        CheckpointFiles.verify(received);
        install(received.meta(), () -> files.stage(received.directory()));
    }

    /**
     * Replaces all state by one that the storage is told of, as {@link #install(Checkpoint)} does.
     *
     * @param meta what is applied in it
     * @param stage makes it what the storage opens next
     */
    public void install(SnapshotMeta meta, Runnable stage) {
        gate.writeLock().lock();
        try {
            if (database == null) {
                throw StoreException.closed();
            }
            long appliedIndex = database.applied().index();
            if (meta.index() < appliedIndex) {
                throw StoreException.badSnapshot("a snapshot at index " + meta.index()
                        + " can't replace a store at index " + appliedIndex + ": a store never goes back");
            }
            stage.run();
            releaseViews();
            database.discard();
            database = Database.open(storage);
            log.info("snapshot installed index={} term={}", meta.index(), meta.term());
        } finally {
            gate.writeLock().unlock();
        }
    }

    /** All of the content, in the order of keys: for tests that compare replicas. */
    void dump(BiConsumer<byte[], byte[]> entry) {
        shared(database -> {
            try (Rows.Snapshot snapshot = database.wholeRows();
                    Rows.Cursor cursor = snapshot.cursor(Keys.all())) {
                for (; cursor.valid(); cursor.next()) {
                    entry.accept(cursor.key(), cursor.value());
                }
            }
            return null;
        });
    }

    /** Closes after flushing. Open views fail with kind CLOSED afterwards. */
    @Override
    public void close() {
        gate.writeLock().lock();
        try {
            if (database != null) {
                releaseViews();
                Database open = database;
                database = null;
                open.close();
            }
        } finally {
            gate.writeLock().unlock();
        }
    }

    private void releaseViews() {
        views.forEach(SnapshotView::release);
        views.clear();
    }

    private <T> T shared(Function<Database, T> use) {
        gate.readLock().lock();
        try {
            if (database == null) {
                throw StoreException.closed();
            }
            return use.apply(database);
        } finally {
            gate.readLock().unlock();
        }
    }
}
