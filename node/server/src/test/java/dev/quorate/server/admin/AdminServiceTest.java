package dev.quorate.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.quorate.api.BootstrapRequest;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.Group;
import dev.quorate.api.MapChange;
import dev.quorate.api.MoveState;
import dev.quorate.client.AdminClient;
import dev.quorate.client.Endpoint;
import dev.quorate.client.QuorateException;
import dev.quorate.server.Node;
import dev.quorate.server.NodeConfig;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node's admin API over real gRPC. */
class AdminServiceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private Node node;
    private AdminService service;
    private Server server;
    private AdminClient admin;

    @BeforeEach
    void start() throws Exception {
        node = Node.start(new NodeConfig(
                "cluster",
                1,
                "a",
                "127.0.0.1",
                "127.0.0.1",
                new NodeConfig.Ports(0, 1, 2, 3, 4),
                directory,
                List.of(),
                "secret",
                Duration.ofMillis(20),
                NodeConfig.Limits.defaults()));
        service = new AdminService(node);
        server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
                .intercept(new TokenInterceptor("secret"))
                .addService(service)
                .build()
                .start();
        admin = client("secret");
    }

    private AdminClient client(String token) {
        return new AdminClient(new Endpoint("127.0.0.1", server.getPort()), token, PATIENCE);
    }

    @AfterEach
    void stop() {
        admin.close();
        server.shutdownNow();
        service.close();
        node.close();
    }

    private BootstrapRequest bootstrap() {
        return BootstrapRequest.newBuilder()
                .setClusterId("cluster")
                .setGroupId(1)
                .addMembers(node.member())
                .build();
    }

    @Test
    void aGroupIsMadeAndItsMapCreated() {
        assertThat(admin.describe().getBootstrapped()).isFalse();
        assertThat(admin.bootstrap(bootstrap()).getAlready()).isFalse();
        assertThat(admin.bootstrap(bootstrap()).getAlready()).isTrue();
        MapChange create = MapChange.newBuilder()
                .setCreate(MapChange.CreateMap.newBuilder()
                        .setClusterId("cluster")
                        .setShardCount(8)
                        .setRoot(Group.newBuilder().setId(1).addMembers(node.member())))
                .build();
        awaitLeader();
        assertThat(admin.change(create).getAccepted()).isTrue();
        assertThat(admin.map(true).getMap().getOwnerList()).hasSize(8).containsOnly(1);
        assertThat(admin.describe().getShardsList())
                .hasSize(8)
                .allMatch(s -> s.getState().equals("OWNED"));
        MapChange other = create.toBuilder()
                .setCreate(create.getCreate().toBuilder().setShardCount(16))
                .build();
        assertThat(admin.change(other).getAccepted()).isFalse();
    }

    private void awaitLeader() {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!admin.describe().getReady()) {
            assertThat(System.nanoTime()).isLessThan(deadlineNanos);
        }
    }

    @Test
    void aWrongTokenGetsNothing() {
        try (AdminClient stranger = client("wrong")) {
            assertFails(Error.Code.UNAUTHENTICATED, stranger::describe);
        }
    }

    @Test
    void errorsSayWhatTheyAreAndThatNothingTookEffect() {
        assertFails(Error.Code.NOT_READY, () -> admin.map(true));
        assertFails(
                Error.Code.INVALID,
                () -> admin.bootstrap(bootstrap().toBuilder().setGroupId(2).build()));
    }

    @Test
    void onlyGroupsSwitchOrFinishMoves() {
        admin.bootstrap(bootstrap());
        assertFails(
                Error.Code.INVALID,
                () -> admin.change(MapChange.newBuilder()
                        .setDecideMove(
                                MapChange.DecideMove.newBuilder().setMoveId(1).setDecision(MoveState.SWITCHED))
                        .build()));
        assertFails(
                Error.Code.INVALID,
                () -> admin.change(MapChange.newBuilder()
                        .setFinishMove(MapChange.FinishMove.newBuilder().setMoveId(1))
                        .build()));
    }

    private static void assertFails(Error.Code code, ThrowingCallable call) {
        assertThatThrownBy(call).asInstanceOf(type(QuorateException.class)).satisfies(e -> {
            assertThat(e.error().getCode()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.error().getEffect()).isEqualTo(Effect.NOT_APPLIED);
        });
    }
}
