package dev.quorate.server;

import dev.quorate.log.LogFullException;
import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.LogView;
import dev.quorate.raft.RaftStatus;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.server.disk.DiskSpace;
import dev.quorate.server.driver.Halt;
import dev.quorate.server.driver.RaftDriver;
import dev.quorate.store.Store;
import dev.quorate.store.StoreException;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the log bounded, by what is left of the disk, by bytes and by lag. Never past what the store has durably flushed: the log is the store's log.
 *
 * <pre>
 * log holds                 what goes
 * up to twice the tail      nothing, unless the disk is full
 * more                      what the store has flushed and every follower that was heard of lately has, but for the tail
 * more than its limit       the store is flushed, and all but the tail goes: a slow follower can't hold the disk, and gets a snapshot
 * </pre>
 *
 * On a full disk everything goes that the store has flushed. It looks once a second, and rarely where nothing is written; looks at the disk's space by the
 * way, and lets the store give back that of shards which are gone.
 */
final class LogCompactor {
    private static final Logger LOG = LoggerFactory.getLogger(LogCompactor.class);
    private static final long LOOK_EVERY_MILLIS = 1_000;
    private static final long LOOK_AT_REST_MILLIS = 3_000;

    private final WriteAheadLog log;
    private final Store store;
    private final RaftDriver driver;
    private final DiskSpace space;
    private final Halt halt;
    private final long maxBytes;
    private final long tailBytes;
    private final Semaphore closing = new Semaphore(0);
    private final Thread thread;
    /** The log's last index at the last look. */
    private long seenIndex;

    LogCompactor(
            String name,
            WriteAheadLog log,
            Store store,
            RaftDriver driver,
            DiskSpace space,
            Halt halt,
            long maxBytes,
            long tailBytes) {
        this.log = log;
        this.store = store;
        this.driver = driver;
        this.space = space;
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
            do {
                space.look();
                compact(log.sizeBytes());
                reclaim();
                prepare();
            } while (!closing.tryAcquire(pauseMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | StoreException e) {
            halt.now("compacting the log failed", e);
        }
    }

    private long pauseMillis() {
        long before = seenIndex;
        seenIndex = log.lastIndex();
        return seenIndex == before && space.state() == DiskSpace.State.PLENTY ? LOOK_AT_REST_MILLIS : LOOK_EVERY_MILLIS;
    }

    /** The space of shards that moved away, little by little. */
    private void reclaim() {
        try {
            store.reclaim();
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.CLOSED) {
                throw e;
            }
        }
    }

    /** Off the writer's way. */
    private void prepare() throws IOException {
        if (space.state() == DiskSpace.State.PLENTY) {
            try {
                log.prepare();
            } catch (LogFullException e) {
                LOG.debug("event=segment_not_prepared reason=\"{}\"", e.getMessage());
            }
        }
    }

    private void compact(long sizeBytes) throws IOException {
        boolean full = space.state() != DiskSpace.State.PLENTY;
        if (sizeBytes > maxBytes || full && sizeBytes > tailBytes) {
            dropUpTo(Math.min(store.flush(), full ? Long.MAX_VALUE : beforeTail(sizeBytes)));
        } else if (sizeBytes > 2 * tailBytes) {
            dropUpTo(Math.min(Math.min(store.flushedIndex(), beforeTail(sizeBytes)), replicatedIndex()));
        }
    }

    /** Last index before what stays for followers that are a little behind, if entries are of one size. */
    private long beforeTail(long sizeBytes) {
        long entries = log.lastIndex() - log.firstIndex() + 1;
        return log.lastIndex() - entries * tailBytes / sizeBytes;
    }

    /** What every follower has that was heard of lately. A follower's own log serves nobody, until it leads. */
    private long replicatedIndex() {
        return driver.status().progress().values().stream()
                .filter(RaftStatus.Progress::recentlyActive)
                .mapToLong(RaftStatus.Progress::matchIndex)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private void dropUpTo(long index) throws IOException {
        if (index < log.firstIndex()) {
            return;
        }
        try {
            log.compact(new SnapshotMeta(index, log.term(index), store.applied().membership()));
            LOG.info("event=log_compacted up_to={} size_bytes={}", index, log.sizeBytes());
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
