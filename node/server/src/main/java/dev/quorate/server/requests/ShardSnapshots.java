package dev.quorate.server.requests;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.server.data.KeyValueStore.Page;
import dev.quorate.server.data.RequestException;
import dev.quorate.store.DueKey;
import dev.quorate.store.Store;
import dev.quorate.store.StoreException;
import dev.quorate.store.StoreView;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Shards as they were at one moment each, for those who read them page by page. One thread reads for all of them, so that however many there are, they take no more than that
 * from other requests.
 */
final class ShardSnapshots implements AutoCloseable {
    /** Each keeps old data from being dropped. */
    private static final int OPEN_MAX = 128;

    private static final int DUE_AT_A_TIME = 1_000;
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final long SWEEP_SECONDS = 10;

    private final Store store;
    private final ScheduledExecutorService reader;
    private final Map<Long, Held> open = new ConcurrentHashMap<>();

    private static final class Held {
        private final StoreView view;
        private final int shard;
        private volatile long usedNanos = System.nanoTime();

        private Held(StoreView view, int shard) {
            this.view = view;
            this.shard = shard;
        }
    }

    ShardSnapshots(String name, Store store) {
        this.store = store;
        this.reader = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(name + "-snapshots").daemon().factory());
        reader.scheduleWithFixedDelay(this::closeIdle, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    /** Once a read was confirmed, on its thread. Keys that should have expired by now must have, before a state is kept in which they could come back. */
    ShardReader.Answer<Long> open(int shard, long nowMillis) {
        if (open.size() >= OPEN_MAX) {
            throw RequestException.of(
                    Error.Code.BUSY,
                    Effect.NOT_APPLIED,
                    "this node holds " + OPEN_MAX + " snapshots already: try later");
        }
        StoreView view = store.view();
        List<DueKey> due;
        try {
            if (!view.shard(shard).owned()) {
                throw RequestException.of(
                        Error.Code.NOT_READY, Effect.NOT_APPLIED, "shard " + shard + " is moving away: ask again");
            }
            due = view.due(shard, nowMillis, DUE_AT_A_TIME);
        } catch (RuntimeException e) {
            view.close();
            throw e;
        }
        if (!due.isEmpty()) {
            view.close();
            return new ShardReader.Answer<>(null, due);
        }
        long id = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
        open.put(id, new Held(view, shard));
        return new ShardReader.Answer<>(id, List.of());
    }

    CompletableFuture<Page> page(long id, int shard, byte[] prefix, byte[] after, int limit) {
        return CompletableFuture.supplyAsync(
                () -> {
                    Held held = open.get(id);
                    if (held == null || held.shard != shard) {
                        throw gone(id);
                    }
                    held.usedNanos = System.nanoTime();
                    try {
                        return ShardReader.page(held.view, shard, prefix, after, limit, 0)
                                .result();
                    } catch (StoreException e) {
                        close(id);
                        throw gone(id);
                    }
                },
                reader);
    }

    private static RequestException gone(long id) {
        return RequestException.of(
                Error.Code.INVALID,
                Effect.NOT_APPLIED,
                "this node has no snapshot " + id + " of the shard any more: open another, and begin anew");
    }

    void close(long id) {
        Held held = open.remove(id);
        if (held != null) {
            held.view.close();
        }
    }

    private void closeIdle() {
        long nowNanos = System.nanoTime();
        open.forEach((id, held) -> {
            if (nowNanos - held.usedNanos > IDLE_NANOS) {
                close(id);
            }
        });
    }

    @Override
    public void close() {
        reader.close();
        open.keySet().forEach(this::close);
    }
}
