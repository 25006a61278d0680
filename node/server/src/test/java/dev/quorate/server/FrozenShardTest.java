package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.client.Slots;
import dev.quorate.server.proto.ExportChunk;
import dev.quorate.server.proto.Request;
import dev.quorate.server.redis.RedisConfig;
import dev.quorate.server.redis.RedisPort;
import dev.quorate.server.transport.PeerAddress;
import dev.quorate.server.transport.PeerCalls;
import dev.quorate.server.transport.Self;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** What Redis clients see of a shard that is frozen: nothing for a while; then an answer, or MOVED. */
@Timeout(120)
class FrozenShardTest {
    private static final int SHARDS = 4;
    private static final int SHARD = 0;
    private static final String KEY = keyOf(SHARD);

    private static final List<Function<Jedis, Object>> COMMANDS = List.of(
            jedis -> jedis.set(KEY + "-set", "x"),
            jedis -> jedis.get(KEY),
            jedis -> jedis.incr(KEY + "-count"),
            jedis -> jedis.mget(KEY, KEY + "-none").toString());

    @TempDir
    Path directory;

    private TestCluster cluster;
    private TestGroup source;
    private TestGroup target;
    private RedisPort redis;
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    /** A key in braces, so that whatever is written after it goes to the same slot. */
    private static String keyOf(int shard) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "{" + i + "}")
                .filter(key -> Slots.shardOf(key.getBytes(StandardCharsets.UTF_8), SHARDS) == shard)
                .findFirst()
                .orElseThrow();
    }

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.start(directory, SHARDS, 1, 1);
        source = cluster.groups.get(0);
        target = cluster.groups.get(1);
        cluster.client().put(SHARD, KEY, "value");
        redis = RedisPort.start(
                source.leader().data(),
                new RedisConfig(
                        "127.0.0.1",
                        0,
                        source.leader().member().getId(),
                        TestGroup.PATIENCE,
                        RedisConfig.Limits.DEFAULT),
                new SimpleMeterRegistry());
    }

    @AfterEach
    void stop() {
        redis.close();
        cluster.close();
        callers.close();
    }

    @Test
    void requestsThatWaitAreAnsweredWhenTheMoveIsGivenUp() throws Exception {
        freeze();
        List<CompletableFuture<String>> replies = waiting();
        cluster.abort(cluster.map().getMoves(0).getId());
        assertThat(replies).map(CompletableFuture::join).containsExactly("OK", "value", "1", "[value, null]");
    }

    @Test
    void requestsThatWaitAreSentOnWhenTheTargetServes() throws Exception {
        freeze();
        List<CompletableFuture<String>> replies = waiting();
        target.restart(0);
        String moved = "MOVED " + Slots.slotOf(KEY.getBytes(StandardCharsets.UTF_8)) + " 127.0.0.1:"
                + target.configs.getFirst().ports().redis();
        assertThat(replies).map(CompletableFuture::join).containsOnly(moved);
    }

    /** Asks the source for it in the place of the target, which is down. */
    private void freeze() throws Exception {
        Node from = source.leader();
        Self caller =
                new Self(TestGroup.CLUSTER, target.id, target.leader().member().getId(), TestGroup.TOKEN);
        target.stop(0);
        cluster.startMove(SHARD, source.id, target.id);
        ExportChunk.Builder wanted = ExportChunk.newBuilder()
                .setShard(SHARD)
                .setMoveId(cluster.map().getMoves(0).getId())
                .setMaxBytes(1 << 20);
        PeerAddress address = PeerAddress.of(source.id, from.member());
        try (PeerCalls calls = new PeerCalls(from.sockets(), caller)) {
            boolean frozen;
            do {
                Request.Builder request = Request.newBuilder().setExportChunk(wanted);
                frozen = calls.call(address, request, TestGroup.PATIENCE)
                        .getChunk()
                        .getFrozen();
                wanted.setFreeze(true);
            } while (!frozen);
        }
    }

    /** Each command on a connection of its own, until the node holds them all. */
    private List<CompletableFuture<String>> waiting() {
        List<CompletableFuture<String>> replies = COMMANDS.stream()
                .map(command -> CompletableFuture.supplyAsync(() -> reply(command), callers))
                .toList();
        TestGroup.await("all requests to be held", () -> source.gauge(0, "quorate.requests.held") == COMMANDS.size());
        assertThat(replies).noneMatch(CompletableFuture::isDone);
        return replies;
    }

    private String reply(Function<Jedis, Object> command) {
        try (Jedis jedis = new Jedis("127.0.0.1", redis.port(), 60_000)) {
            return command.apply(jedis).toString();
        } catch (JedisDataException e) {
            return e.getMessage();
        }
    }
}
