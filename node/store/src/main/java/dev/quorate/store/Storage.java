package dev.quorate.store;

/** Where a store's rows are kept: a directory with RocksDB, or memory under a simulator. One store has it open at a time. */
public sealed interface Storage permits RocksStorage, MemoryStorage {
    /**
     * Opens the rows, or makes empty ones. Carries out a replacement that was decided, also one that a crash cut short.
     *
     * @throws StoreException of kind CORRUPT or IO
     */
    Rows open();

    /** What takes digests of the rows, in the background where there is one. */
    Scrubs scrubs();
}
