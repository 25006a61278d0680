package dev.quorate.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.ShardMap;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.server.grpc.DataPort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Java clients count while leaders restart and shards move: no call fails, and each counter is what its clients were told. */
@Timeout(300)
class SessionsOnNodesTest {
    private static final int SHARDS = 4;
    private static final int COUNTERS = 8;
    private static final int THREADS_PER_CLIENT = 4;
    private static final int ROUNDS = 6;

    @TempDir
    Path directory;

    private final List<DataPort> ports = new ArrayList<>();
    private final AtomicLong[] counted = new AtomicLong[COUNTERS];
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    @Test
    void countersAreExactWhileLeadersRestartAndShardsMove() throws Exception {
        long seed = Long.getLong("quorate.test.seed", new Random().nextLong());
        String replay = "./mvnw -pl node/server -am test -Dtest=SessionsOnNodesTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dquorate.test.seed=" + seed;
        Random random = new Random(seed);
        for (int i = 0; i < COUNTERS; i++) {
            counted[i] = new AtomicLong();
        }
        try (TestCluster cluster = TestCluster.start(directory, SHARDS, 3, 3)) {
            openPorts(cluster);
            List<Thread> writers = new ArrayList<>();
            try (KvClient one = client(cluster);
                    KvClient other = client(cluster)) {
                for (int i = 0; i < THREADS_PER_CLIENT; i++) {
                    writers.add(Thread.ofVirtual().start(() -> count(one)));
                    writers.add(Thread.ofVirtual().start(() -> count(other)));
                }
                for (int round = 0; round < ROUNDS; round++) {
                    moveOne(cluster, random.nextInt(SHARDS));
                    restartLeader(cluster, cluster.groups.get(round % 2));
                    awaitProgress();
                }
                cluster.awaitMovesDone();
                stop.set(true);
                for (Thread writer : writers) {
                    writer.join();
                }
                assertThat(failure.get()).as(replay).isNull();
                for (int i = 0; i < COUNTERS; i++) {
                    Optional<KvClient.Value> value = one.get(counter(i));
                    assertThat(value.map(found -> new String(found.bytes(), UTF_8)))
                            .as(replay)
                            .contains(Long.toString(counted[i].get()));
                }
            } finally {
                stop.set(true);
                ports.forEach(DataPort::close);
            }
        }
    }

    private static byte[] counter(int number) {
        return ("counter-" + number).getBytes(UTF_8);
    }

    /** Sums are told once each: a call that came back with another's sum would show as a counter that is too low. */
    private void count(KvClient client) {
        try {
            for (int i = 0; !stop.get(); i++) {
                int counter = i % COUNTERS;
                assertThat(client.increment(counter(counter), 1)).isPositive();
                counted[counter].incrementAndGet();
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
            stop.set(true);
        }
    }

    private void awaitProgress() {
        long from = total();
        TestGroup.await("clients to go on", () -> stop.get() || total() > from + 50);
    }

    private long total() {
        long sum = 0;
        for (AtomicLong each : counted) {
            sum += each.get();
        }
        return sum;
    }

    private void openPorts(TestCluster cluster) throws IOException {
        for (TestGroup group : cluster.groups) {
            for (int i = 0; i < group.nodes.size(); i++) {
                ports.add(openPort(group, i));
            }
        }
    }

    private static DataPort openPort(TestGroup group, int index) throws IOException {
        Node node = group.nodes.get(index);
        return DataPort.start(
                node.data(),
                node.sockets(),
                "127.0.0.1",
                group.configs.get(index).ports().grpc());
    }

    /** As when its process dies: connections break, what was under way is not answered. */
    private void restartLeader(TestCluster cluster, TestGroup group) throws Exception {
        int leader = group.awaitLeader();
        int port = cluster.groups.indexOf(group) * 3 + leader;
        ports.get(port).close();
        group.stop(leader);
        group.restart(leader);
        ports.set(port, openPort(group, leader));
    }

    private static void moveOne(TestCluster cluster, int shard) {
        ShardMap map = cluster.map();
        if (map.getMovesList().stream().noneMatch(move -> move.getShard() == shard)) {
            int from = map.getOwner(shard);
            cluster.startMove(shard, from, 3 - from);
        }
    }

    private static KvClient client(TestCluster cluster) {
        List<Endpoint> seeds = cluster.groups.stream()
                .flatMap(group -> group.configs.stream())
                .map(config -> new Endpoint("127.0.0.1", config.ports().grpc()))
                .toList();
        return new KvClient(seeds, Duration.ofSeconds(60));
    }
}
