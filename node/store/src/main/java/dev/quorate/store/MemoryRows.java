package dev.quorate.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@link MemoryStorage} while it is open. A snapshot keeps the map it was taken of; the next write then goes to a copy. */
final class MemoryRows implements Rows {
    private final MemoryStorage storage;
    private TreeMap<byte[], byte[]> latest;
    private int snapshotsOfLatest;
    private boolean abandoned;

    MemoryRows(MemoryStorage storage, TreeMap<byte[], byte[]> content) {
        this.storage = storage;
        latest = content;
    }

    /** A batch: its changes, in order. */
    static final class Changes implements Batch {
        private sealed interface Change {
            record Put(byte[] key, byte[] value) implements Change {}

            record Delete(byte[] key) implements Change {}

            record DeleteRange(KeyRange range) implements Change {}
        }

        private final List<Change> changes = new ArrayList<>();

        @Override
        public void put(byte[] key, byte[] source, int valueAt, int valueSizeBytes) {
            put(key, Arrays.copyOfRange(source, valueAt, valueAt + valueSizeBytes));
        }

        @Override
        public void put(byte[] key, byte[] value) {
            changes.add(new Change.Put(key, value));
        }

        @Override
        public void put(byte[] key, Content value) {
            put(key, value.bytes());
        }

        @Override
        public void delete(byte[] key) {
            changes.add(new Change.Delete(key));
        }

        @Override
        public void deleteRange(KeyRange range) {
            changes.add(new Change.DeleteRange(range));
        }

        @Override
        public void dropRanges(List<KeyRange> ranges) {
            ranges.forEach(this::deleteRange);
        }

        @Override
        public void deleteDropped(KeyRange range) {
            deleteRange(range);
        }

        /** Whether it changes anything from one key to another, both included. */
        boolean touches(byte[] first, byte[] last) {
            return changes.stream().anyMatch(change -> switch (change) {
                case Change.Put put -> isWithin(put.key(), first, last);
                case Change.Delete(byte[] key) -> isWithin(key, first, last);
                case Change.DeleteRange(KeyRange range) ->
                    Arrays.compareUnsigned(range.from(), last) <= 0 && Arrays.compareUnsigned(first, range.to()) < 0;
            });
        }

        private static boolean isWithin(byte[] key, byte[] first, byte[] last) {
            return Arrays.compareUnsigned(first, key) <= 0 && Arrays.compareUnsigned(key, last) <= 0;
        }

        void applyTo(TreeMap<byte[], byte[]> rows) {
            for (Change change : changes) {
                switch (change) {
                    case Change.Put(byte[] key, byte[] value) -> rows.put(key, value);
                    case Change.Delete(byte[] key) -> rows.remove(key);
                    case Change.DeleteRange(KeyRange range) ->
                        rows.subMap(range.from(), range.to()).clear();
                }
            }
        }

        @Override
        public void close() {}
    }

    /** The process that had these rows open has died. */
    void abandon() {
        abandoned = true;
    }

    private void check() {
        if (abandoned) {
            throw StoreException.closed();
        }
    }

    @Override
    public byte[] get(byte[] key) {
        check();
        return latest.get(key);
    }

    @Override
    public List<byte[]> multiGet(List<byte[]> keys) {
        check();
        return valuesOf(latest, keys);
    }

    /** Unlike a stream's list this may hold null. */
    private static List<byte[]> valuesOf(TreeMap<byte[], byte[]> rows, List<byte[]> keys) {
        List<byte[]> values = new ArrayList<>(keys.size());
        keys.forEach(key -> values.add(rows.get(key)));
        return values;
    }

    @Override
    public byte[] getDurable(byte[] key) {
        check();
        return storage.getDurable(key);
    }

    @Override
    public Snapshot snapshot() {
        check();
        snapshotsOfLatest++;
        return new MemorySnapshot(latest);
    }

    @Override
    public Batch newBatch() {
        return new Changes();
    }

    @Override
    public Run newRun() {
        return new MemoryRun();
    }

    @Override
    public void write(Batch batch) {
        check();
        Changes changes = (Changes) batch;
        show(changes);
        storage.written(changes);
    }

    private void show(Changes changes) {
        if (snapshotsOfLatest > 0) {
            latest = new TreeMap<>(latest);
            snapshotsOfLatest = 0;
        }
        changes.applyTo(latest);
    }

    @Override
    public void flush() {
        check();
        storage.persist();
    }

    @Override
    public boolean isFlushDue() {
        return storage.isFlushDue();
    }

    @Override
    public void beginFlush() {
        check();
        storage.beginFlush();
    }

    @Override
    public boolean isFlushWanted() {
        return false;
    }

    @Override
    public List<KeyRange> reclaim() {
        check();
        return List.of();
    }

    @Override
    public void close() {
        if (!abandoned) {
            storage.closed();
            abandoned = true;
        }
    }

    private void release(TreeMap<byte[], byte[]> content) {
        if (content == latest) {
            snapshotsOfLatest--;
        }
    }

    private final class MemoryRun implements Run {
        private final Changes changes = new Changes();
        private byte[] first;
        private byte[] last;

        @Override
        public void put(byte[] key, byte[] source, int valueAt, int valueSizeBytes) {
            if (last != null && Arrays.compareUnsigned(last, key) >= 0) {
                throw StoreException.io("a run's keys ascend", new IllegalArgumentException(Arrays.toString(key)));
            }
            first = first == null ? key : first;
            last = key;
            changes.put(key, source, valueAt, valueSizeBytes);
        }

        @Override
        public void end() {
            check();
            if (first != null) {
                storage.ended(changes, first, last);
                show(changes);
            }
        }

        @Override
        public void close() {}
    }

    private final class MemorySnapshot implements Snapshot {
        private final TreeMap<byte[], byte[]> content;

        MemorySnapshot(TreeMap<byte[], byte[]> content) {
            this.content = content;
        }

        @Override
        public byte[] get(byte[] key) {
            return content.get(key);
        }

        @Override
        public List<byte[]> multiGet(List<byte[]> keys) {
            return valuesOf(content, keys);
        }

        @Override
        public boolean isDropped(byte[] key) {
            return false;
        }

        @Override
        public Cursor cursor(KeyRange range) {
            return new MemoryCursor(content, range);
        }

        @Override
        public Cursor bulkCursor(KeyRange range) {
            return cursor(range);
        }

        @Override
        public void close() {
            release(content);
        }
    }

    private static final class MemoryCursor implements Cursor {
        private final TreeMap<byte[], byte[]> content;
        private final KeyRange range;
        private Iterator<Map.Entry<byte[], byte[]>> rest;
        private Map.Entry<byte[], byte[]> here;

        MemoryCursor(TreeMap<byte[], byte[]> content, KeyRange range) {
            this.content = content;
            this.range = range;
            seek(range.from());
        }

        @Override
        public boolean valid() {
            return here != null;
        }

        @Override
        public byte[] key() {
            return here.getKey();
        }

        @Override
        public byte[] value() {
            return here.getValue();
        }

        @Override
        public int copyKey(byte[] target, int at) {
            return copy(key(), target, at);
        }

        @Override
        public int copyValue(byte[] target, int at) {
            return copy(value(), target, at);
        }

        private static int copy(byte[] source, byte[] target, int at) {
            System.arraycopy(source, 0, target, at, Math.min(source.length, target.length - at));
            return source.length;
        }

        @Override
        public void next() {
            here = rest.hasNext() ? rest.next() : null;
        }

        @Override
        public void seek(byte[] key) {
            boolean beyond = content.comparator().compare(key, range.to()) >= 0;
            rest = content.subMap(beyond ? range.to() : key, range.to())
                    .entrySet()
                    .iterator();
            next();
        }

        @Override
        public void close() {}
    }
}
