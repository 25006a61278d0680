package dev.quorate.store;

import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

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

    @Override
    public Scrubs scrubs() {
        Executor oneAtATime = new ThreadPoolExecutor(
                0,
                1,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("scrub").daemon().factory());
        return new Scrubs(oneAtATime, options.scrubBytesPerSecond());
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
