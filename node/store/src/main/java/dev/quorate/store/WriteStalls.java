package dev.quorate.store;

/**
 * Whether RocksDB holds writers back because its compactions or flushes don't keep up.
 *
 * @param stopped whether no write is taken just now
 * @param delayedBytesPerSecond what writers are slowed down to just now; 0 when they are not
 * @param count times that it began to slow down or to stop them, since it was opened
 */
public record WriteStalls(boolean stopped, long delayedBytesPerSecond, long count) {
    static final WriteStalls NONE = new WriteStalls(false, 0, 0);
}
