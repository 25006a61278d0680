package dev.quorate.store;

import dev.quorate.raft.SnapshotMeta;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rows in memory that behave as on a disk: what was written but not flushed may be lost by a {@link #crash}. For simulations, which own the disk's
 * faults: deterministic, and for one thread.
 *
 * <p>A crash in a simulation: forget the {@link Store} without closing it, call {@link #crash}, and open a new store on the same storage.
 */
public final class MemoryStorage implements Storage {
    /** What a crash leaves at least. Only ever replaced, or changed by {@link #persist}. */
    private TreeMap<byte[], byte[]> durable = empty();

    /** Batches written since then, in order. */
    private final Deque<MemoryRows.Changes> unflushed = new ArrayDeque<>();

    private MemoryRows rows;

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

    /** Batches that were written but not flushed: what a crash may lose. */
    public int unflushedBatches() {
        return unflushed.size();
    }

    /**
     * The process dies: the rows are those after the first {@code survivingBatches} of the batches that were not flushed. What was open fails from
     * now on.
     */
    public void crash(int survivingBatches) {
        for (int i = 0; i < survivingBatches; i++) {
            unflushed.remove().applyTo(durable);
        }
        abandon();
    }

    /** The state as it is now, made durable as a checkpoint on disk is. */
    public Image image() {
        persist();
        TreeMap<byte[], byte[]> copy = new TreeMap<>(durable);
        return new Image(Database.appliedIn(copy::get), copy);
    }

    /** Decides that this is what {@link #open} opens from now on; for {@link Store#install(SnapshotMeta, Runnable)}. */
    public void stage(Image image) {
        abandon();
        durable = new TreeMap<>(image.rows());
    }

    private void abandon() {
        unflushed.clear();
        if (rows != null) {
            rows.abandon();
            rows = null;
        }
    }

    void written(MemoryRows.Changes changes) {
        unflushed.add(changes);
    }

    byte[] getDurable(byte[] key) {
        return durable.get(key);
    }

    void persist() {
        unflushed.forEach(changes -> changes.applyTo(durable));
        unflushed.clear();
    }

    void closed() {
        persist();
        rows = null;
    }

    @Override
    public String toString() {
        return "memory";
    }
}
