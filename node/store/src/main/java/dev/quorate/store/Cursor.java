package dev.quorate.store;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/** Walks a range of RocksDB's keys. */
final class Cursor implements AutoCloseable {
    private final Slice end;
    private final ReadOptions options;
    private final RocksIterator iterator;

    /** @param snapshot state to read, null for the latest */
    Cursor(RocksDB db, Snapshot snapshot, Keys.Range range) {
        end = new Slice(range.to());
        options = new ReadOptions().setSnapshot(snapshot).setIterateUpperBound(end);
        iterator = db.newIterator(options);
        iterator.seek(range.from());
    }

    /** Whether there is an entry here. A failure to read is never taken for the end. */
    boolean valid() throws RocksDBException {
        if (iterator.isValid()) {
            return true;
        }
        iterator.status();
        return false;
    }

    byte[] key() {
        return iterator.key();
    }

    byte[] value() {
        return iterator.value();
    }

    void next() {
        iterator.next();
    }

    void seek(byte[] key) {
        iterator.seek(key);
    }

    @Override
    public void close() {
        iterator.close();
        options.close();
        end.close();
    }
}
