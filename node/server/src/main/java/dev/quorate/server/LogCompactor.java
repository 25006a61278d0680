package dev.quorate.server;

import dev.quorate.log.LogFullException;
import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.LogView;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.server.driver.Halt;
import dev.quorate.store.Store;
import dev.quorate.store.StoreException;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the log's size bounded: beyond the limit the store is flushed and the log's start dropped, but for a tail for followers that are a little
 * behind. Never past what the store has durably flushed: the log is the store's log.
 */
final class LogCompactor {
    private static final Logger LOG = LoggerFactory.getLogger(LogCompactor.class);
    private static final long LOOK_EVERY_MILLIS = 1_000;

    private final WriteAheadLog log;
    private final Store store;
    private final Halt halt;
    private final long maxBytes;
    private final long tailBytes;
    private final Semaphore closing = new Semaphore(0);
    private final Thread thread;

    LogCompactor(String name, WriteAheadLog log, Store store, Halt halt, long maxBytes, long tailBytes) {
        this.log = log;
        this.store = store;
        this.halt = halt;
        this.maxBytes = maxBytes;
        this.tailBytes = tailBytes;
        this.thread = Thread.ofPlatform().name(name + "-compact").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closing.tryAcquire(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                long sizeBytes = log.sizeBytes();
                if (sizeBytes > maxBytes) {
                    compact(sizeBytes);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | StoreException e) {
            halt.now("compacting the log failed", e);
        }
    }

    private void compact(long sizeBytes) throws IOException {
        long flushed = store.flush();
        long entries = log.lastIndex() - log.firstIndex() + 1;
        long tailEntries = entries * tailBytes / sizeBytes;
        long upTo = Math.min(flushed, log.lastIndex() - tailEntries);
        if (upTo < log.firstIndex()) {
            return;
        }
        try {
            log.compact(new SnapshotMeta(upTo, log.term(upTo), store.applied().membership()));
            LOG.info("event=log_compacted up_to={} size_bytes={}", upTo, log.sizeBytes());
        } catch (LogFullException e) {
            LOG.warn("event=log_not_compacted reason=\"{}\"", e.getMessage());
        } catch (LogView.CompactedException e) {
            LOG.debug("event=log_not_compacted reason=\"a snapshot took its place: {}\"", e.getMessage());
        }
    }

    void stop() throws InterruptedException {
        closing.release();
        thread.join();
    }
}
