package dev.quorate.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.DataResponse;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.GetResponse;
import dev.quorate.api.Group;
import dev.quorate.api.RouteResponse;
import dev.quorate.api.ShardMap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RefreshTest {
    private static final int REFUSALS = 8;

    private final AtomicInteger refusals = new AtomicInteger(REFUSALS);
    private FakeNode node;

    /** There is a node in it that takes connections and never answers. */
    private RouteResponse route(int deafPort) {
        return RouteResponse.newBuilder()
                .setMap(ShardMap.newBuilder()
                        .setEpoch(1)
                        .setShardCount(1)
                        .addOwner(1)
                        .addGroups(Group.newBuilder().setId(1).addMembers(node.member()))
                        .addGroups(Group.newBuilder().setId(2).addMembers(FakeNode.member("deaf", deafPort))))
                .build();
    }

    /** Refused at first, so that the client asks for the map again. */
    private void answer(DataResponse.Builder answer) {
        if (refusals.getAndDecrement() > 0) {
            answer.setError(Error.newBuilder().setCode(Error.Code.NOT_READY).setEffect(Effect.NOT_APPLIED));
        } else {
            answer.setGet(GetResponse.getDefaultInstance());
        }
    }

    /** A pod that has gone leaves nobody at its address who would say so: whoever asks it waits. */
    @Test
    void whoIsConnectedIsAskedForTheMapBeforeWhoMayBeGone() throws IOException {
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> countConnections(deaf, connections));
            node = new FakeNode("a", () -> route(deaf.getLocalPort()), this::answer);
            try (KvClient client = new KvClient(List.of(node.endpoint()), Duration.ofSeconds(30))) {
                assertThat(client.get("key".getBytes(UTF_8))).isEmpty();
            } finally {
                node.close();
            }
            assertThat(node.routes.get()).isGreaterThan(REFUSALS);
            assertThat(connections).hasValue(0);
        }
    }

    private static void countConnections(ServerSocket deaf, AtomicInteger connections) {
        while (true) {
            try {
                deaf.accept();
                connections.incrementAndGet();
            } catch (IOException e) {
                return; // the test has ended
            }
        }
    }
}
