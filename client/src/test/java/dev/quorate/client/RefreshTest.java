package dev.quorate.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.DataRequest;
import dev.quorate.api.DataRequests;
import dev.quorate.api.DataResponse;
import dev.quorate.api.DataResponses;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.GetResponse;
import dev.quorate.api.Group;
import dev.quorate.api.KeyValueGrpc;
import dev.quorate.api.Member;
import dev.quorate.api.RouteRequest;
import dev.quorate.api.RouteResponse;
import dev.quorate.api.ShardMap;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RefreshTest {
    private static final int REFUSALS = 8;

    /** A node that refuses requests at first, so that the client asks for the map again, in which there is a node that takes connections and never answers. */
    private static final class Node extends KeyValueGrpc.KeyValueImplBase {
        private final AtomicInteger refusals = new AtomicInteger(REFUSALS);
        private final AtomicInteger routes = new AtomicInteger();
        private final int deafPort;
        private int port;

        Node(int deafPort) {
            this.deafPort = deafPort;
        }

        private static Member.Builder member(String id, int port) {
            return Member.newBuilder().setId(id).setHost("127.0.0.1").setGrpcPort(port);
        }

        @Override
        public void route(RouteRequest request, StreamObserver<RouteResponse> answer) {
            routes.incrementAndGet();
            answer.onNext(RouteResponse.newBuilder()
                    .setMap(ShardMap.newBuilder()
                            .setEpoch(1)
                            .setShardCount(1)
                            .addOwner(1)
                            .addGroups(Group.newBuilder().setId(1).addMembers(member("a", port)))
                            .addGroups(Group.newBuilder().setId(2).addMembers(member("deaf", deafPort))))
                    .build());
            answer.onCompleted();
        }

        @Override
        public StreamObserver<DataRequests> stream(StreamObserver<DataResponses> answers) {
            return new StreamObserver<>() {
                @Override
                public void onNext(DataRequests requests) {
                    requests.getRequestsList()
                            .forEach(request -> answers.onNext(DataResponses.newBuilder()
                                    .addResponses(answer(request))
                                    .build()));
                }

                @Override
                public void onError(Throwable ended) {
                    // the client has closed
                }

                @Override
                public void onCompleted() {
                    answers.onCompleted();
                }
            };
        }

        private DataResponse answer(DataRequest request) {
            DataResponse.Builder response = DataResponse.newBuilder().setId(request.getId());
            return refusals.getAndDecrement() > 0
                    ? response.setError(Error.newBuilder()
                                    .setCode(Error.Code.NOT_READY)
                                    .setEffect(Effect.NOT_APPLIED))
                            .build()
                    : response.setGet(GetResponse.getDefaultInstance()).build();
        }
    }

    /** A pod that has gone leaves nobody at its address who would say so: whoever asks it waits. */
    @Test
    void whoIsConnectedIsAskedForTheMapBeforeWhoMayBeGone() throws IOException, InterruptedException {
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> countConnections(deaf, connections));
            Node node = new Node(deaf.getLocalPort());
            Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(node)
                    .build()
                    .start();
            node.port = server.getPort();
            try (KvClient client =
                    new KvClient(List.of(new Endpoint("127.0.0.1", node.port)), Duration.ofSeconds(30))) {
                assertThat(client.get("key".getBytes(UTF_8))).isEmpty();
            } finally {
                server.shutdownNow().awaitTermination();
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
