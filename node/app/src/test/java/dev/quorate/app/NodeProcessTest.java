package dev.quorate.app;

import static io.restassured.RestAssured.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.Error;
import dev.quorate.api.Group;
import dev.quorate.api.MapChange;
import dev.quorate.api.Member;
import dev.quorate.client.AdminClient;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.client.QuorateException;
import dev.quorate.client.RootClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** A node as a process serves it, from its first start on. */
@QuarkusTest
@QuarkusTestResource(FreshDirectory.class)
class NodeProcessTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Inject
    NodeSettings settings;

    @Test
    void servesOnceItIsBootstrapped() {
        get("/q/health/live").then().statusCode(200);
        get("/q/health/ready").then().statusCode(503).body(containsString("not bootstrapped"));
        Endpoint admin = new Endpoint("127.0.0.1", settings.ports().admin());
        refusesAnotherToken(admin);
        bootstrap(admin);

        awaitReady();
        try (Jedis jedis = new Jedis("127.0.0.1", settings.ports().redis());
                KvClient client = new KvClient(
                        List.of(new Endpoint("127.0.0.1", settings.ports().grpc())), TIMEOUT)) {
            assertThat(jedis.set("greeting", "hello")).isEqualTo("OK");
            assertThat(client.get("greeting".getBytes(UTF_8)).orElseThrow().bytes())
                    .asString()
                    .isEqualTo("hello");
            client.put("answer".getBytes(UTF_8), "42".getBytes(UTF_8));
            assertThat(jedis.incr("answer")).isEqualTo(43);
        }
        get("/q/metrics")
                .then()
                .body(
                        containsString("quorate_raft_leader"),
                        containsString("quorate_log_fsync_seconds_bucket"),
                        containsString("quorate_redis_requests_seconds_count{operation=\"incr\",outcome=\"OK\"} 1"));
        get("/").then().statusCode(200).contentType("text/html").body(containsString("/api/status"));
        get("/api/status")
                .then()
                .body("epoch", is(1), "shards.size()", is(16))
                .body("groups[0].members[0].role", equalTo("LEADER"), "findings.size()", is(0));
    }

    private static void refusesAnotherToken(Endpoint admin) {
        try (AdminClient stranger = new AdminClient(admin, "a guess", TIMEOUT)) {
            assertThatThrownBy(stranger::describe)
                    .isInstanceOfSatisfying(
                            QuorateException.class, e -> assertThat(e.code()).isEqualTo(Error.Code.UNAUTHENTICATED));
        }
    }

    private static void bootstrap(Endpoint endpoint) {
        try (AdminClient admin = new AdminClient(endpoint, FreshDirectory.TOKEN, TIMEOUT);
                RootClient root = new RootClient(List.of(endpoint), FreshDirectory.TOKEN, TIMEOUT)) {
            Member member = admin.describe().getMember();
            admin.bootstrap(BootstrapRequest.newBuilder()
                    .setClusterId("test")
                    .setGroupId(1)
                    .addMembers(member)
                    .addRootMembers(member)
                    .build());
            root.change(MapChange.newBuilder()
                    .setCreate(MapChange.CreateMap.newBuilder()
                            .setClusterId("test")
                            .setShardCount(16)
                            .setRoot(Group.newBuilder().setId(1).addMembers(member)))
                    .build());
            assertThat(root.map().getMap().getEpoch()).isEqualTo(1);
        }
    }

    private static void awaitReady() {
        long deadlineNanos = System.nanoTime() + TIMEOUT.toNanos();
        while (get("/q/health/ready").statusCode() != 200) {
            assertThat(System.nanoTime()).as("ready in time").isLessThan(deadlineNanos);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
