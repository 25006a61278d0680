package dev.quorate.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Digests of shards, each of the state just after its {@code Scrub} command. Applying goes on while they are read, at a bounded rate. What is wanted
 * beyond the bound is dropped: a scrub that has no result in time is asked for again.
 */
final class Scrubs {
    private static final Logger log = LoggerFactory.getLogger(Scrubs.class);

    /** Each holds a snapshot, which keeps old rows from going. */
    private static final int PENDING_MAX = 4;

    private static final int RESULTS_MAX = 256;
    private static final int PART_BYTES = 1 << 20;

    private final Executor executor;
    private final long bytesPerSecond;
    private final Map<Long, ScrubResult> results = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, ScrubResult> eldest) {
            return size() > RESULTS_MAX;
        }
    };
    private int pending;

    /** @param bytesPerSecond most that is read for scrubs */
    Scrubs(Executor executor, long bytesPerSecond) {
        this.executor = executor;
        this.bytesPerSecond = bytesPerSecond;
    }

    /**
     * Begins one, if there is room.
     *
     * @param view of the state just after the command; closed when done
     */
    void begin(long index, int shard, SnapshotView view) {
        synchronized (this) {
            if (pending >= PENDING_MAX) {
                log.info("event=scrub_dropped index={} shard={} reason=\"{} under way\"", index, shard, pending);
                view.close();
                return;
            }
            pending++;
        }
        executor.execute(() -> {
            try (view) {
                finish(digest(index, shard, view));
            } catch (StoreException e) {
                log.debug("event=scrub_left index={} shard={} reason=\"{}\"", index, shard, e.getMessage());
            } finally {
                release();
            }
        });
    }

    private ScrubResult digest(long index, int shard, SnapshotView view) {
        long digest = ShardDigest.EMPTY;
        long sizeBytes = 0;
        byte[] last = null;
        try {
            do {
                DigestPart part = view.scrubPart(shard, last, PART_BYTES);
                digest += part.digest();
                sizeBytes += part.sizeBytes();
                last = part.last();
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(part.sizeBytes()) / bytesPerSecond);
            } while (last != null);
            return new ScrubResult(index, shard, digest, sizeBytes, null);
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.CORRUPT) {
                throw e;
            }
            log.error("event=scrub_found_damage index={} shard={} reason=\"{}\"", index, shard, e.getMessage());
            return new ScrubResult(index, shard, digest, sizeBytes, e.getMessage());
        }
    }

    private synchronized void finish(ScrubResult result) {
        results.put(result.index(), result);
    }

    private synchronized void release() {
        pending--;
    }

    synchronized Optional<ScrubResult> result(long index) {
        return Optional.ofNullable(results.get(index));
    }
}
