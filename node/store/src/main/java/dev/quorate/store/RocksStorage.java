package dev.quorate.store;

import java.nio.file.Path;

/** RocksDB in a directory: {@code current} in it, and what {@link StoreDirectory} keeps beside it. */
public final class RocksStorage implements Storage {
    private final StoreDirectory directory;
    private final StoreOptions options;

    public RocksStorage(Path directory, StoreOptions options) {
        this.directory = new StoreDirectory(directory);
        this.options = options;
    }

    @Override
    public Rows open() {
        directory.recover();
        Rows rows = RocksRows.open(directory.current(), options);
        directory.makeDurable();
        return rows;
    }

    /** Decides that this directory, complete and durable, is what {@link #open} opens from now on. */
    void stage(Path complete) {
        directory.stage(complete);
    }

    @Override
    public String toString() {
        return directory.current().toString();
    }
}
