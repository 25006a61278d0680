package dev.quorate.cli.nemesis;

import dev.quorate.api.ShardMap;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.history.History;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The nemesis' clients and its verdict, for a cluster that somebody else runs and brings faults upon: they start from the members that its shard map names,
 * and need nothing else of it.
 */
public final class RemoteLoad implements AutoCloseable {
    private static final int JAVA_CLIENTS = 3;
    private static final int REDIS_CLIENTS = 3;
    private static final long LOOK_NANOS = Duration.ofMillis(200).toNanos();

    private final Census java;
    private final Census redis;
    private final Census ledgers;
    private final Members members;
    private final Verification verification;
    private final Store javaStore;
    private final Store redisStore;
    private final Load load;
    private final Ledger ledger;
    private final MoveCount moves = new MoveCount();
    private final Thread observer =
            Thread.ofPlatform().daemon().name("observer").unstarted(this::observe);
    private volatile boolean closing;

    /**
     * Connects.
     *
     * @param rootAdmins admin addresses of members of the root group
     * @param prefix of the keys, which nobody used before
     * @param seed of what the clients do
     * @param historyFile where a history that is not right is kept
     * @throws Violation when the root group does not answer, for long
     */
    public RemoteLoad(List<String> rootAdmins, String token, String prefix, long seed, Path historyFile)
            throws InterruptedException {
        java = new Census("Java clients", RemoteLoad::say);
        redis = new Census("Redis clients (Jedis)", RemoteLoad::say);
        ledgers = new Census("writers of ever larger numbers", RemoteLoad::say);
        members = Members.of(rootAdmins, token);
        Await.until("the shard map", () -> members.map().isPresent(), () -> "nobody of " + rootAdmins + " has it");
        ShardMap map = members.map().orElseThrow(() -> new Violation("the root group answered, and then no more"));
        moves.look(map.getOwnerList());
        int replicas = map.getGroups(0).getMembersCount();
        verification = new Verification(members, replicas, historyFile);
        javaStore = new JavaStore(addresses(MemberView::grpc));
        redisStore = new RedisStore(addresses(MemberView::redis));
        load = new Load(prefix, map.getShardCount(), seed);
        ledger = new Ledger(prefix + "-ledger", javaStore, ledgers);
    }

    private static void say(String what) {
        System.out.println(LocalTime.now() + " " + what);
    }

    private List<String> addresses(Function<MemberView, String> port) {
        return members.all().stream().map(port).toList();
    }

    public void start() {
        observer.start();
        ledger.start();
        for (int i = 0; i < JAVA_CLIENTS; i++) {
            load.start("java-" + i, javaStore, java);
        }
        for (int i = 0; i < REDIS_CLIENTS; i++) {
            load.start("redis-" + i, redisStore, redis);
        }
    }

    private void observe() {
        while (!closing) {
            look();
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void look() {
        members.map().ifPresent(map -> moves.look(map.getOwnerList()));
    }

    /** Operations that succeeded so far. */
    public long completed() {
        return load.completed();
    }

    /**
     * Stops the clients, once each has had some more answers, and verifies all that was promised. To be called when faults are over and the cluster has
     * settled.
     *
     * @throws Violation when the cluster did not keep a promise
     */
    public Report verify() throws IOException, InterruptedException {
        load.awaitProgress();
        History history = load.finish(javaStore, java);
        long acknowledged = ledger.verify();
        look();
        verification.oneHomePerShard();
        verification.replicasEqual();
        verification.linearizable(history);
        return new Report(
                List.of(java.tally(), redis.tally(), ledgers.tally()), acknowledged, moves.count(), history.size());
    }

    @Override
    public void close() {
        closing = true;
        try {
            load.stop();
            ledger.stop();
            observer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        javaStore.close();
        redisStore.close();
        members.close();
    }
}
