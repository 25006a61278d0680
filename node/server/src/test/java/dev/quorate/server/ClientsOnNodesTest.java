package dev.quorate.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.Group;
import dev.quorate.api.MapChange;
import dev.quorate.api.Member;
import dev.quorate.api.PutCondition;
import dev.quorate.client.AdminClient;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.client.QuorateException;
import dev.quorate.client.RootClient;
import dev.quorate.client.ShardSnapshot;
import dev.quorate.client.Slots;
import dev.quorate.history.Outcome;
import dev.quorate.server.admin.AdminService;
import dev.quorate.server.admin.TokenInterceptor;
import dev.quorate.server.data.ReadFrom;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.grpc.DataPort;
import dev.quorate.server.grpc.GrpcPort;
import dev.quorate.server.redis.RedisConfig;
import dev.quorate.server.redis.RedisPort;
import io.grpc.ServerInterceptors;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisMovedDataException;

/** Jedis and the Java client on a group of three nodes with all their ports, while leadership moves and a node leaves. */
@Timeout(120)
class ClientsOnNodesTest {
    private static final int SHARDS = 16;
    private static final int KEYS = 50;
    private static final String TOKEN = "secret";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** A node and its ports, as a process has them. */
    private record Served(Node node, RedisPort redis, DataPort data, GrpcPort admin) {
        static Served start(Path directory, String name) throws Exception {
            int[] ports = new int[4];
            for (int i = 0; i < ports.length; i++) {
                ports[i] = FreePorts.next();
            }
            NodeConfig config = new NodeConfig(
                    "test",
                    1,
                    name,
                    "127.0.0.1",
                    "127.0.0.1",
                    new NodeConfig.Ports(ports[0], ports[1], ports[2], ports[3], 1),
                    directory.resolve(name),
                    List.of(),
                    TOKEN,
                    Duration.ofMillis(30),
                    NodeConfig.Limits.defaults());
            Node node = Node.start(config);
            RedisConfig redis =
                    RedisConfig.of("127.0.0.1", ports[1], node.member().getId());
            return new Served(
                    node,
                    RedisPort.start(node.data(), redis, new SimpleMeterRegistry()),
                    DataPort.start(node.data(), node.sockets(), "127.0.0.1", ports[2]),
                    GrpcPort.start(
                            node.sockets(),
                            "127.0.0.1",
                            ports[3],
                            ServerInterceptors.intercept(new AdminService(node), new TokenInterceptor(TOKEN))));
        }

        Endpoint adminEndpoint() {
            return new Endpoint("127.0.0.1", admin.port());
        }

        boolean leads() {
            return node.describe().getRole().equals("LEADER");
        }

        /** A new leader knows of no follower that is up to date, at first. */
        void handOver() {
            TestGroup.await("a follower to lead", () -> {
                try {
                    node.admin().transferLeadership("");
                    return true;
                } catch (RequestException e) {
                    return !leads();
                }
            });
        }

        /** As on SIGTERM. */
        void leave() {
            handOver();
            redis.shutdown(Duration.ofSeconds(10));
            data.shutdown(Duration.ofSeconds(10));
            close();
        }

        void close() {
            redis.close();
            data.close();
            admin.close();
            node.close();
        }
    }

    @TempDir
    Path directory;

    private final List<Served> nodes = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        for (int i = 0; i < 3; i++) {
            nodes.add(Served.start(directory, "node-" + i));
        }
        List<Member> members = nodes.stream().map(each -> each.node().member()).toList();
        BootstrapRequest request = BootstrapRequest.newBuilder()
                .setClusterId("test")
                .setGroupId(1)
                .addAllMembers(members)
                .addAllRootMembers(members)
                .build();
        for (Served each : nodes) {
            try (AdminClient admin = new AdminClient(each.adminEndpoint(), TOKEN, TIMEOUT)) {
                assertThat(admin.bootstrap(request).getAlready()).isFalse();
            }
        }
        try (RootClient root =
                new RootClient(nodes.stream().map(Served::adminEndpoint).toList(), TOKEN, TIMEOUT)) {
            root.change(MapChange.newBuilder()
                    .setCreate(MapChange.CreateMap.newBuilder()
                            .setClusterId("test")
                            .setShardCount(SHARDS)
                            .setRoot(Group.newBuilder().setId(1).addAllMembers(members)))
                    .build());
        }
        TestGroup.await(
                "all nodes to know the map",
                () -> nodes.stream().allMatch(each -> each.node().data().shardCount() == SHARDS));
    }

    @AfterEach
    void stop() {
        nodes.forEach(Served::close);
    }

    private RedisClusterClient jedis() {
        Set<HostAndPort> seeds = nodes.stream()
                .map(each -> new HostAndPort("127.0.0.1", each.redis().port()))
                .collect(Collectors.toSet());
        return RedisClusterClient.builder().nodes(seeds).build();
    }

    private KvClient client() {
        return new KvClient(
                nodes.stream()
                        .map(each -> new Endpoint("127.0.0.1", each.data().port()))
                        .toList(),
                TIMEOUT);
    }

    @Test
    void noOperationFailsWhileLeadershipMovesAndTheLeaderLeaves() throws Exception {
        RecordedClients clients = new RecordedClients("ClientsOnNodesTest", SHARDS);
        try (RedisClusterClient jedis = jedis();
                KvClient client = client()) {
            for (int i = 0; i < 3; i++) {
                clients.start("redis-" + i, RecordedStore.over(jedis));
                clients.start("grpc-" + i, RecordedStore.over(client));
            }
            clients.awaitProgress();
            for (int i = 0; i < 3; i++) {
                leader().handOver();
                clients.awaitProgress();
            }
            Served leaving = leader();
            nodes.remove(leaving);
            leaving.leave();
            clients.awaitProgress();
            clients.verify(RecordedStore.over(client), Outcome.OK);
        } finally {
            clients.stop();
        }
    }

    @Test
    void followersReadWhatTheirLeaderCommitted() {
        byte[] key = "key".getBytes(UTF_8);
        int shard = Slots.shardOf(key, SHARDS);
        try (KvClient client = client()) {
            for (int i = 0; i < 30; i++) {
                byte[] value = ("value" + i).getBytes(UTF_8);
                client.put(key, value);
                assertThat(client.getAnywhere(key, Duration.ZERO).orElseThrow().bytes())
                        .isEqualTo(value);
                for (Served each : nodes) {
                    assertThat(read(each, shard, key, ReadFrom.ANY_MEMBER).join())
                            .isEqualTo("value" + i);
                }
            }
        }
    }

    @Test
    void aFollowerWithoutAQuorumAnswersOnlyReadsThatMayBeStale() {
        byte[] key = "key".getBytes(UTF_8);
        int shard = Slots.shardOf(key, SHARDS);
        try (KvClient client = client()) {
            client.put(key, "value".getBytes(UTF_8));
        }
        Served follower =
                nodes.stream().filter(each -> !each.leads()).findFirst().orElseThrow();
        read(follower, shard, key, ReadFrom.ANY_MEMBER).join();
        nodes.stream().filter(each -> each != follower).forEach(Served::close);

        assertThat(read(follower, shard, key, ReadFrom.anyMember(Duration.ofHours(1)))
                        .join())
                .isEqualTo("value");
        assertThatThrownBy(() -> read(follower, shard, key, ReadFrom.anyMember(Duration.ofNanos(1)))
                        .join())
                .hasCauseInstanceOf(RequestException.class);
    }

    private static CompletableFuture<String> read(Served node, int shard, byte[] key, ReadFrom from) {
        long deadlineNanos = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        return node.node()
                .data()
                .read(shard, List.of(key), from, deadlineNanos)
                .thenApply(values -> new String(values.getFirst().value(), UTF_8));
    }

    @Test
    void aSnapshotOutlivesWritesAndAHandOverButNotItsMember() throws Exception {
        int shard = Slots.shardOf("{t}".getBytes(UTF_8), SHARDS);
        try (KvClient client = client()) {
            client.put("{t}short".getBytes(UTF_8), new byte[0], PutCondition.ALWAYS, Duration.ofMillis(1));
            fill(client, "before");
            try (ShardSnapshot leaders = client.snapshot(shard);
                    ShardSnapshot anyones = followersSnapshot(client, shard)) {
                fill(client, "after");
                client.put("{t}new".getBytes(UTF_8), "after".getBytes(UTF_8));
                leader().handOver();
                fill(client, "later");
                for (ShardSnapshot each : List.of(leaders, anyones)) {
                    assertThat(values(each)).hasSize(KEYS).containsOnly("before");
                }
                Served holder = nodes.stream()
                        .filter(each -> each.data().port() == anyones.holder().port())
                        .findFirst()
                        .orElseThrow();
                nodes.remove(holder);
                holder.close();
                assertThatThrownBy(() -> values(anyones)).isInstanceOf(QuorateException.class);
                assertThat(values(leaders)).hasSize(KEYS);
            }
        }
    }

    private static void fill(KvClient client, String value) {
        for (int i = 0; i < KEYS; i++) {
            client.put(("{t}" + i).getBytes(UTF_8), value.getBytes(UTF_8));
        }
    }

    private ShardSnapshot followersSnapshot(KvClient client, int shard) {
        while (true) {
            ShardSnapshot snapshot = client.snapshotAnywhere(shard, Duration.ZERO);
            if (snapshot.holder().port() != leader().data().port()) {
                return snapshot;
            }
            snapshot.close();
        }
    }

    private static List<String> values(ShardSnapshot snapshot) {
        List<String> values = new ArrayList<>();
        byte[] after = {};
        KvClient.Page page;
        do {
            page = snapshot.scan("{t}".getBytes(UTF_8), after, 20);
            page.entries().forEach(entry -> values.add(new String(entry.value(), UTF_8)));
            after = page.entries().getLast().key();
        } while (page.more());
        return values;
    }

    @Test
    void redisClientsMayReadAtReplicas() {
        try (KvClient client = client()) {
            client.put("key".getBytes(UTF_8), "value".getBytes(UTF_8));
        }
        Served follower =
                nodes.stream().filter(each -> !each.leads()).findFirst().orElseThrow();
        try (Jedis jedis = new Jedis("127.0.0.1", follower.redis().port())) {
            assertThatThrownBy(() -> jedis.get("key")).isInstanceOf(JedisMovedDataException.class);
            jedis.readonly();
            assertThat(jedis.get("key")).isEqualTo("value");
            assertThatThrownBy(() -> jedis.set("key", "other")).isInstanceOf(JedisMovedDataException.class);
            jedis.readwrite();
            assertThatThrownBy(() -> jedis.get("key")).isInstanceOf(JedisMovedDataException.class);
        }
    }

    private Served leader() {
        TestGroup.await("a leader", () -> nodes.stream().anyMatch(Served::leads));
        return nodes.stream().filter(Served::leads).findFirst().orElseGet(this::leader);
    }
}
