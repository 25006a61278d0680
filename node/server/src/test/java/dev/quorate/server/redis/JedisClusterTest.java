package dev.quorate.server.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Member;
import dev.quorate.server.data.FakeStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.params.SetParams;

/** Jedis in cluster mode, against two groups of two members. */
class JedisClusterTest {
    private static final int SHARDS = 16;

    private final FakeStore.Data data = new FakeStore.Data();
    private final List<FakeStore> stores = new ArrayList<>();
    private final List<RedisPort> ports = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        for (int i = 0; i < 4; i++) {
            FakeStore store = new FakeStore(data, Runnable::run, Runnable::run);
            RedisPort port = RedisPort.start(store, RedisConfig.of("127.0.0.1", 0, "m" + i), new SimpleMeterRegistry());
            stores.add(store);
            ports.add(port);
            members.add(FakeStore.member("m" + i, port.port(), 1));
        }
        lead(0, 2);
    }

    private void lead(int first, int second) {
        FakeStore.lead(stores, members, SHARDS, first, second);
    }

    @AfterEach
    void stop() {
        ports.forEach(RedisPort::close);
    }

    @Test
    void speaksResp2() {
        use(RedisProtocol.RESP2);
    }

    @Test
    void speaksResp3() {
        use(RedisProtocol.RESP3);
    }

    private void use(RedisProtocol protocol) {
        try (RedisClusterClient jedis = RedisClusterClient.builder()
                .nodes(Set.of(new HostAndPort("127.0.0.1", ports.get(3).port())))
                .clientConfig(DefaultJedisClientConfig.builder()
                        .protocol(protocol)
                        .clientName("test")
                        .build())
                .build()) {
            for (int i = 0; i < 200; i++) {
                assertThat(jedis.set("key" + i, "value" + i)).isEqualTo("OK");
            }
            lead(1, 3);
            for (int i = 0; i < 200; i++) {
                assertThat(jedis.get("key" + i)).isEqualTo("value" + i);
            }
            assertThat(jedis.set("key1", "x", SetParams.setParams().nx())).isNull();
            assertThat(jedis.set("key1", "x", SetParams.setParams().xx().ex(100)))
                    .isEqualTo("OK");
            assertThat(jedis.ttl("key1")).isBetween(99L, 100L);
            assertThat(jedis.setGet("key1", "y")).isEqualTo("x");
            assertThat(jedis.mset("{t}1", "a", "{t}2", "b")).isEqualTo("OK");
            assertThat(jedis.mget("{t}1", "{t}2", "{t}3")).containsExactly("a", "b", null);
            assertThat(jedis.incr("counter")).isEqualTo(1);
            assertThat(jedis.del("{t}1", "{t}2", "{t}3")).isEqualTo(2);
            assertThat(jedis.exists("key1")).isTrue();
            assertThat(jedis.get("bin\u0000ary".getBytes(UTF_8))).isNull();
            jedis.del("counter");
        }
    }
}
