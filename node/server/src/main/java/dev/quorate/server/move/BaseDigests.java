package dev.quorate.server.move;

import dev.quorate.server.snapshot.Throttle;
import dev.quorate.store.DigestPart;
import dev.quorate.store.RowsView;
import dev.quorate.store.Store;
import dev.quorate.store.proto.ShardRecord;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Digests of shards as they were when their export began. The replicated record knows what the digest has changed by since; so a leader reads the shard
 * once, at any moment of the export and beside it, and knows at the freeze what the whole comes to without reading it again.
 */
final class BaseDigests {
    private static final int PART_BYTES = 1 << 20;

    private final Store store;
    private final Throttle throttle;

    /** By move. Of moves that this member serves as the source's leader; forgotten with the move. */
    private final Map<Long, CompletableFuture<Long>> bases = new ConcurrentHashMap<>();

    BaseDigests(Store store, Throttle throttle) {
        this.store = store;
        this.throttle = throttle;
    }

    /** Reads the shard in the background, if that did not begin yet. */
    void begin(int shard, long moveId) {
        bases.computeIfAbsent(moveId, _ -> {
            CompletableFuture<Long> base = new CompletableFuture<>();
            Thread.ofVirtual().name("digest-of-move-" + moveId).start(() -> {
                try {
                    base.complete(read(shard, moveId));
                } catch (RuntimeException | InterruptedException e) {
                    bases.remove(moveId);
                    base.completeExceptionally(e);
                }
            });
            return base;
        });
    }

    private long read(int shard, long moveId) throws InterruptedException {
        try (RowsView view = store.rowsView(shard)) {
            ShardRecord record = view.shard(shard).record();
            long digest = -record.getExportDigest();
            byte[] last = null;
            do {
                if (store.shard(shard).record().getMoveId() != moveId) {
                    throw new IllegalStateException("move " + moveId + " is over");
                }
                DigestPart part = view.digestPart(shard, record.getIncarnation(), last, PART_BYTES);
                throttle.take((int) part.sizeBytes());
                digest += part.digest();
                last = part.last();
            } while (last != null);
            return digest;
        }
    }

    /** The digest, if it is known within that time. */
    OptionalLong await(long moveId, Duration patience) throws InterruptedException {
        CompletableFuture<Long> base = bases.get(moveId);
        if (base == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(base.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return OptionalLong.empty();
        }
    }

    void forget(long moveId) {
        bases.remove(moveId);
    }

    /** Forgets moves that are over. */
    void keepOnly(Set<Long> moveIds) {
        bases.keySet().retainAll(moveIds);
    }
}
