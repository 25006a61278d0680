package dev.quorate.cli.nemesis;

import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.local.LocalOptions;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.history.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One run; see the package's manual. */
public final class Nemesis {
    private static final int GROUPS_FIRST = 2;
    private static final int GROUPS_MAX = 3;
    private static final int REPLICAS = 3;
    private static final int SHARDS = 16;
    private static final int JAVA_CLIENTS = 4;
    private static final int REDIS_CLIENTS = 3;
    private static final long ROUND_MILLIS = 60_000;
    private static final long READY_MILLIS = 180_000;

    private final long seed;
    private final long millis;
    private final Path data;
    private final Census java = new Census("Java clients", this::log);
    private final Census redis = new Census("Redis clients (Jedis)", this::log);
    private final Census ledgers = new Census("writers of ever larger numbers", this::log);
    private final long startNanos = System.nanoTime();
    private long acknowledgedInLedgers;

    /**
     * @param seed of the schedule of the first round; the following rounds have the numbers after it
     * @param millis how long faults come, all rounds together
     * @param data a folder of its own, for the cluster; removed when all was well
     */
    public Nemesis(long seed, long millis, Path data) {
        this.seed = seed;
        this.millis = millis;
        this.data = data;
    }

    /**
     * Runs it.
     *
     * @throws Violation when the cluster did not keep a promise; its data and logs stay
     */
    public Summary run() throws IOException, InterruptedException, TimeoutException {
        Observer observer;
        Injector injector;
        try (LocalCluster cluster = LocalCluster.open(options(), this::log)) {
            cluster.start();
            cluster.awaitSettled(READY_MILLIS);
            observer = new Observer(cluster);
            try (observer;
                    Members members = Members.of(cluster);
                    Store javaStore = new JavaStore(cluster.view().addresses(MemberView::grpc));
                    Store redisStore = new RedisStore(cluster.view().addresses(MemberView::redis))) {
                injector = new Injector(cluster, members, GROUPS_MAX, REPLICAS, this::log);
                var aftermath = new Aftermath(cluster, members, REPLICAS);
                var verification = new Verification(members, REPLICAS, data.resolve("history.jsonl"));
                rounds(injector, aftermath, verification, javaStore, redisStore);
            }
        }
        List<Long> alive = observer.alive();
        if (!alive.isEmpty()) {
            throw new Violation("processes that did not end with the cluster: " + alive);
        }
        return new Summary(
                seed,
                List.of(java.tally(), redis.tally(), ledgers.tally()),
                acknowledgedInLedgers,
                injector.done(),
                observer.moves(),
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos));
    }

    private LocalOptions options() {
        return LocalOptions.of("nemesis", GROUPS_FIRST, REPLICAS, SHARDS)
                .withData(data)
                .withMembers(LocalOptions.Members.CHILDREN)
                .withFaultSwitch();
    }

    private void rounds(
            Injector injector, Aftermath aftermath, Verification verification, Store javaStore, Store redisStore)
            throws IOException, InterruptedException {
        Ledger ledger = new Ledger("ledger", javaStore, ledgers);
        long leftMillis = millis;
        for (long round = seed; leftMillis > 0; round++) {
            long roundMillis = Math.min(leftMillis, ROUND_MILLIS);
            leftMillis -= roundMillis;
            log("round " + round + " of " + roundMillis + " ms");
            Load load = new Load("round-" + round, SHARDS, round);
            ledger.start();
            try {
                for (int i = 0; i < JAVA_CLIENTS; i++) {
                    load.start("java-" + i, javaStore, java);
                }
                for (int i = 0; i < REDIS_CLIENTS; i++) {
                    load.start("redis-" + i, redisStore, redis);
                }
                bringFaults(injector, Schedule.of(round, roundMillis));
                verify(aftermath, verification, load, ledger, javaStore);
            } catch (Violation e) {
                throw e.in(round);
            } finally {
                load.stop();
                ledger.stop();
            }
        }
    }

    private void verify(Aftermath aftermath, Verification verification, Load load, Ledger ledger, Store reader)
            throws IOException, InterruptedException {
        log("faults are over");
        aftermath.settled();
        load.awaitProgress();
        log("settled; troubles of Java clients " + java.tally().troubles() + ", of Redis clients "
                + redis.tally().troubles());
        History history = load.finish(reader, java);
        acknowledgedInLedgers = ledger.verify();
        verification.oneHomePerShard();
        verification.replicasEqual();
        aftermath.nothingSevereLogged();
        verification.linearizable(history);
        log("verified " + history.size() + " operations");
    }

    /** Until all are over, those that last included. */
    private static void bringFaults(Injector injector, Schedule schedule) throws InterruptedException {
        long startNanos = System.nanoTime();
        try (ExecutorService faults = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Schedule.Due due : schedule.faults()) {
                long passedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
                Thread.sleep(Math.max(0, due.atMillis() - passedMillis));
                faults.execute(() -> injector.inject(due));
            }
        }
    }

    /** What happens, for whoever has to explain a violation. */
    private synchronized void log(String event) {
        String line = "%9.3f s %s%n".formatted((System.nanoTime() - startNanos) / 1e9, event);
        try {
            Files.createDirectories(data);
            Files.writeString(data.resolve("nemesis.log"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
