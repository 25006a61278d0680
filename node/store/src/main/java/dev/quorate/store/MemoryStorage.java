package dev.quorate.store;

import dev.quorate.raft.SnapshotMeta;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Rows in memory that behave as on a disk: what was not flushed is lost by a {@link #crash}, and of the last flush that was begun nobody knows. For
 * simulations, which own the disk's faults: deterministic, and for one thread.
 *
 * <p>A crash in a simulation: forget the {@link Store} without closing it, call {@link #crash}, and open a new store on the same storage.
 */
public final class MemoryStorage implements Storage {
    private static final int BATCHES_BEFORE_FLUSH = 64;

    private final int batchesBeforeFlush;

    /** What a crash leaves at least. Only ever replaced, or changed by {@link #persist}. */
    private TreeMap<byte[], byte[]> durable = empty();

    /** Batches that a flush under way makes durable, in order. One is under way at a time. */
    private final List<MemoryRows.Changes> flushing = new ArrayList<>();

    /** Batches written since then, in order. */
    private final List<MemoryRows.Changes> unflushed = new ArrayList<>();

    private MemoryRows rows;

    public MemoryStorage() {
        this(BATCHES_BEFORE_FLUSH);
    }

    /** @param batchesBeforeFlush so many batches make a flush due */
    public MemoryStorage(int batchesBeforeFlush) {
        this.batchesBeforeFlush = batchesBeforeFlush;
    }

    /**
     * The whole state at an index, on its way to another member.
     *
     * @param meta what is applied in it
     * @param rows not to be changed
     */
    public record Image(SnapshotMeta meta, SortedMap<byte[], byte[]> rows) {
        public Image {
            rows = Collections.unmodifiableSortedMap(rows);
        }
    }

    static TreeMap<byte[], byte[]> empty() {
        return new TreeMap<>(Arrays::compareUnsigned);
    }

    @Override
    public Rows open() {
        if (rows != null) {
            throw StoreException.io("the storage is open already", new IllegalStateException("opened twice"));
        }
        rows = new MemoryRows(this, new TreeMap<>(durable));
        return rows;
    }

    /** At once, on the thread that applies: a simulation has no other. */
    @Override
    public Scrubs scrubs() {
        return new Scrubs(Runnable::run, Long.MAX_VALUE);
    }

    /**
     * The process dies: the rows are what was durable. What was open fails from now on.
     *
     * @param flushDone whether a flush that was under way came to its end
     */
    public void crash(boolean flushDone) {
        if (flushDone) {
            finishFlush();
        }
        abandon();
    }

    /** What is durable. */
    Image image() {
        TreeMap<byte[], byte[]> copy = new TreeMap<>(durable);
        return new Image(Database.appliedIn(copy::get), copy);
    }

    /** Decides that this is what {@link #open} opens from now on; for {@link Store#install(SnapshotMeta, Runnable)}. */
    public void stage(Image image) {
        abandon();
        durable = new TreeMap<>(image.rows());
    }

    private void abandon() {
        flushing.clear();
        unflushed.clear();
        if (rows != null) {
            rows.abandon();
            rows = null;
        }
    }

    void written(MemoryRows.Changes changes) {
        unflushed.add(changes);
    }

    /** Durable at once, before what was written earlier is. */
    void ended(MemoryRows.Changes run, byte[] first, byte[] last) {
        if (Stream.concat(flushing.stream(), unflushed.stream()).anyMatch(batch -> batch.touches(first, last))) {
            throw StoreException.io("a run overlaps what is not durable", new IllegalStateException("nobody flushed"));
        }
        run.applyTo(durable);
    }

    byte[] getDurable(byte[] key) {
        return durable.get(key);
    }

    boolean isFlushDue() {
        return unflushed.size() >= batchesBeforeFlush;
    }

    /** After the one before, if that is under way still. */
    void beginFlush() {
        finishFlush();
        flushing.addAll(unflushed);
        unflushed.clear();
    }

    private void finishFlush() {
        flushing.forEach(changes -> changes.applyTo(durable));
        flushing.clear();
    }

    void persist() {
        beginFlush();
        finishFlush();
    }

    void closed() {
        abandon();
    }

    @Override
    public String toString() {
        return "memory";
    }
}
