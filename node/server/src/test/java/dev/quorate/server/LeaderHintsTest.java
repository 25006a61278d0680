package dev.quorate.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quorate.api.GroupState;
import dev.quorate.client.Slots;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.redis.RedisConfig;
import dev.quorate.server.redis.RedisPort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;

/** Whom the members of other groups send Redis clients to when a group's leader was cut off, has died or has handed over. */
@Timeout(180)
class LeaderHintsTest {
    /** As docs/redis.md has it: from the election until all other groups' members name the new leader. */
    private static final Duration BOUND = Duration.ofSeconds(4);

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private final Map<Node, RedisPort> ports = new HashMap<>();
    private TestCluster cluster;

    /** Shard 0 stays with the first group, shard 1 goes to the second, where there is one. */
    private void start(int... sizes) throws NodeStartException, IOException {
        cluster = TestCluster.start(directory, 2, sizes);
        if (sizes.length > 1) {
            cluster.startMove(1, 1, 2);
            cluster.awaitMovesDone();
        }
        for (Node node : cluster.live()) {
            RedisConfig defaults = RedisConfig.of(
                    "127.0.0.1", node.member().getRedisPort(), node.member().getId());
            ports.put(
                    node,
                    RedisPort.start(
                            node.data(),
                            new RedisConfig(
                                    defaults.bindHost(),
                                    defaults.port(),
                                    defaults.memberId(),
                                    REQUEST_TIMEOUT,
                                    defaults.limits()),
                            new SimpleMeterRegistry()));
        }
    }

    @AfterEach
    void stop() {
        ports.values().forEach(RedisPort::close);
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void aLeaderThatIsCutOffIsNamedNoLonger() throws Exception {
        start(3, 3);
        for (TestGroup group : cluster.groups) {
            pollsBeginAnew(group);
            int old = group.awaitLeader();
            group.machines.get(old).cutOff();
            assertNamedInTime(group, awaitNewLeader(group, old));
            group.machines.get(old).reconnect();
            group.awaitLeader();
        }
    }

    @Test
    void aLeaderThatHasDiedIsNamedNoLonger() throws Exception {
        start(3, 3);
        for (TestGroup group : cluster.groups) {
            int old = group.awaitLeader();
            ports.remove(group.nodes.get(old)).close();
            group.stop(old);
            assertNamedInTime(group, awaitNewLeader(group, old));
        }
    }

    @Test
    void aLeaderThatHasHandedOverIsNamedNoLonger() throws Exception {
        start(3, 3);
        for (TestGroup group : cluster.groups) {
            int old = group.awaitLeader();
            handOver(group, old);
            assertNamedInTime(group, awaitNewLeader(group, old));
        }
    }

    /** Then the nodes tell each other. */
    @Test
    void aNewLeaderIsNamedAlsoWhenTheWholeRootGroupIsCutOff() throws Exception {
        start(1, 3, 1);
        cluster.groups.getFirst().machines.getFirst().cutOff();
        TestGroup group = cluster.groups.get(1);
        int old = group.awaitLeader();
        handOver(group, old);
        Node leader = awaitNewLeader(group, old);
        Node other = cluster.groups.get(2).nodes.getFirst();
        TestGroup.await("the other group to hear of the new leader", () -> named(other, group.id) == redis(leader));
    }

    @Test
    void aLeaderThatIsCutOffSaysWhatBecameOfAWriteAndSendsClientsToOthers() throws Exception {
        start(3);
        TestGroup group = cluster.groups.getFirst();
        int cutOff = group.awaitLeader();
        Node node = group.nodes.get(cutOff);
        String key = key(1);
        try (Jedis jedis = jedis(node)) {
            assertThat(jedis.set(key, "before")).isEqualTo("OK");
            group.machines.get(cutOff).cutOff();
            var first = catchThrowableOfType(JedisDataException.class, () -> jedis.set(key, "lost"));
            assertThat(first).hasMessageMatching("ERR DEADLINE (UNKNOWN|NOT_APPLIED) .*");
            TestGroup.await("it to step down", () -> !leads(node));
            var second = catchThrowableOfType(JedisDataException.class, () -> jedis.set(key, "lost"));
            assertThat(second).hasMessageStartingWith("ERR DEADLINE NOT_APPLIED ");
            var read = catchThrowableOfType(JedisDataException.class, () -> jedis.get(key));
            assertThat(read).hasMessageStartingWith("ERR DEADLINE NOT_APPLIED ");
            assertThat(master(jedis)).isNotEqualTo(redis(node));
        }
        awaitNewLeader(group, cutOff);
        try (RedisClusterClient jedis = RedisClusterClient.builder()
                .nodes(Set.of(new HostAndPort("127.0.0.1", redis(node))))
                .build()) {
            assertThat(jedis.get(key)).isEqualTo("before");
            assertThat(jedis.set(key, "after")).isEqualTo("OK");
        }
    }

    private static void handOver(TestGroup group, int old) {
        TestGroup.await("a follower to take over", () -> {
            try {
                group.nodes.get(old).admin().transferLeadership("");
                return true;
            } catch (RequestException e) {
                return !leads(group.nodes.get(old));
            }
        });
    }

    /** All are told of a change of the map; so whoever waited for news from the one that is cut off next has only begun to. */
    private void pollsBeginAnew(TestGroup group) {
        cluster.setState(2, group.id == 1 ? GroupState.DRAINING : GroupState.ACTIVE);
        long epoch = cluster.map().getEpoch();
        TestGroup.await(
                "all to know the map",
                () -> cluster.live().stream().allMatch(node -> node.describe().getMapEpoch() == epoch));
    }

    private Node awaitNewLeader(TestGroup group, int old) {
        Node former = group.nodes.get(old);
        Node[] leader = new Node[1];
        TestGroup.await("another leader", () -> {
            leader[0] = group.live().stream()
                    .filter(node -> node != former && leads(node))
                    .findFirst()
                    .orElse(null);
            return leader[0] != null;
        });
        return leader[0];
    }

    private static boolean leads(Node node) {
        return node.describe().getRole().equals("LEADER");
    }

    private void assertNamedInTime(TestGroup group, Node leader) {
        long electedNanos = System.nanoTime();
        List<Node> others = cluster.groups.stream()
                .filter(other -> other != group)
                .flatMap(other -> other.live().stream())
                .toList();
        TestGroup.await(
                "all others to name the new leader of group " + group.id,
                () -> others.stream().allMatch(node -> named(node, group.id) == redis(leader)));
        assertThat(Duration.ofNanos(System.nanoTime() - electedNanos)).isLessThan(BOUND);
    }

    /** The port that the node sends a client to, who asks it for a key of the group. */
    private static int named(Node node, int group) {
        try (Jedis jedis = jedis(node)) {
            var moved = catchThrowableOfType(JedisMovedDataException.class, () -> jedis.get(key(group)));
            return moved.getTargetNode().getPort();
        }
    }

    private static int redis(Node node) {
        return node.member().getRedisPort();
    }

    private static Jedis jedis(Node node) {
        return new Jedis(
                new HostAndPort("127.0.0.1", redis(node)),
                DefaultJedisClientConfig.builder().timeoutMillis(30_000).build());
    }

    /** Of the only group, as the client is told. */
    private static long master(Jedis jedis) {
        List<?> range = (List<?>) jedis.clusterSlots().getFirst();
        return (Long) ((List<?>) range.get(2)).get(1);
    }

    private static String key(int group) {
        for (int i = 0; ; i++) {
            String key = "key" + i;
            if (Slots.shardOf(key.getBytes(UTF_8), 2) == group - 1) {
                return key;
            }
        }
    }
}
