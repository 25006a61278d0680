package dev.quorate.server.requests;

import com.google.protobuf.ByteString;
import dev.quorate.server.driver.RaftDriver;
import dev.quorate.server.map.MapCopy;
import dev.quorate.store.DueKey;
import dev.quorate.store.RowsView;
import dev.quorate.store.ShardView;
import dev.quorate.store.Store;
import dev.quorate.store.StoreException;
import dev.quorate.store.StoreView;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.EvictSessions;
import dev.quorate.store.proto.ExpireKey;
import dev.quorate.store.proto.ExpireKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes keys whose time is up, and ends sessions that nobody uses, on the leader, through the log. It only frees space: a reader never sees a key
 * past its deadline. Each turn looks at a part of the shards for keys, and at one shard for sessions. A member that does not lead sleeps until it does.
 */
public final class Expirer {
    private static final Logger LOG = LoggerFactory.getLogger(Expirer.class);
    private static final int TURN_MILLIS = 100;
    /** While no key has a deadline. */
    private static final int IDLE_TURN_MILLIS = 5_000;

    private static final int TURNS_PER_ROUND = 10;
    private static final int KEYS_PER_COMMAND = 256;
    /** A client that did not write for so long has given up what it did not get an answer to. */
    private static final long SESSION_IDLE_MILLIS = TimeUnit.HOURS.toMillis(1);

    private final RaftDriver driver;
    private final Store store;
    private final MapCopy map;
    private final SteadyClock clock;
    private final Semaphore changes = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;
    private int turn;
    private int sessionsOf;

    public Expirer(String name, RaftDriver driver, Store store, MapCopy map, SteadyClock clock) {
        this.driver = driver;
        this.store = store;
        this.map = map;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name(name + "-expiry").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** This member may lead now, or lead no more. Never blocks. */
    public void wake() {
        changes.release();
    }

    private void run() {
        try {
            while (!closed) {
                if (driver.leadsSettled()) {
                    turn = (turn + 1) % TURNS_PER_ROUND;
                    expireDue();
                    changes.tryAcquire(anyMayExpire() ? TURN_MILLIS : IDLE_TURN_MILLIS, TimeUnit.MILLISECONDS);
                } else {
                    changes.acquire();
                }
                changes.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void expireDue() {
        try {
            proposeDue();
        } catch (StoreException e) {
            // Of kind CLOSED when a snapshot took the state's place meanwhile, or when the node closes.
            if (e.kind() != StoreException.Kind.CLOSED) {
                LOG.warn("event=expiry_delayed reason=\"{}\"", e.getMessage());
            }
        }
    }

    private boolean anyMayExpire() {
        return IntStream.range(0, map.map().getShardCount())
                .mapToObj(store::shard)
                .anyMatch(Expirer::mayExpire);
    }

    private void proposeDue() {
        int shardCount = map.map().getShardCount();
        long nowMillis = clock.nowMillis();
        List<byte[]> commands = new ArrayList<>();
        try (StoreView view = store.view()) {
            for (int shard = turn; shard < shardCount; shard += TURNS_PER_ROUND) {
                List<DueKey> due =
                        mayExpire(store.shard(shard)) ? view.due(shard, nowMillis, KEYS_PER_COMMAND) : List.of();
                if (!due.isEmpty()) {
                    commands.add(command(shard, due, nowMillis).toByteArray());
                }
            }
        }
        sessionsOf = sessionsOf + 1 < shardCount ? sessionsOf + 1 : 0;
        if (hasIdleSessions(sessionsOf, nowMillis)) {
            EvictSessions evict = EvictSessions.newBuilder()
                    .setShard(sessionsOf)
                    .setNowMillis(nowMillis)
                    .setIdleMillis(SESSION_IDLE_MILLIS)
                    .build();
            commands.add(Command.newBuilder().setEvictSessions(evict).build().toByteArray());
        }
        commands.forEach(driver::propose);
    }

    private boolean hasIdleSessions(int shard, long nowMillis) {
        if (!store.shard(shard).owned() || store.shard(shard).record().getSessionCount() == 0) {
            return false;
        }
        try (RowsView view = store.rowsView(shard)) {
            return view.hasIdleSessions(shard, nowMillis, SESSION_IDLE_MILLIS);
        }
    }

    /** Most shards never had a key with a deadline; then there is nothing to look for. */
    private static boolean mayExpire(ShardView shard) {
        return shard.owned() && !shard.record().getNoDeadlines();
    }

    public void stop() throws InterruptedException {
        closed = true;
        wake();
        thread.join();
    }

    /** What makes the group agree that these keys are due. */
    static Command command(int shard, List<DueKey> due, long nowMillis) {
        ExpireKeys.Builder expire = ExpireKeys.newBuilder().setShard(shard).setNowMillis(nowMillis);
        for (DueKey key : due) {
            expire.addKeys(ExpireKey.newBuilder()
                    .setKey(ByteString.copyFrom(key.key()))
                    .setVersion(key.version())
                    .setDeadlineMillis(key.deadlineMillis()));
        }
        return Command.newBuilder().setExpire(expire).build();
    }
}
