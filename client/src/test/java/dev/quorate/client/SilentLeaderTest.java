package dev.quorate.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.DataRequest;
import dev.quorate.api.DataRequests;
import dev.quorate.api.DataResponse;
import dev.quorate.api.DataResponses;
import dev.quorate.api.GetResponse;
import dev.quorate.api.Group;
import dev.quorate.api.GroupLeader;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leader whose process stands still keeps its connections and answers nothing; another one is elected. */
class SilentLeaderTest {
    private static final int SILENT = 0;
    private static final int NEXT = 1;

    private final List<Node> nodes = new ArrayList<>();
    private volatile int leader = SILENT;

    private final class Node extends KeyValueGrpc.KeyValueImplBase {
        private final int number = nodes.size();
        private final AtomicInteger requests = new AtomicInteger();
        private final AtomicInteger routes = new AtomicInteger();
        private final Server server;
        private volatile boolean silent;

        private Node() throws IOException {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(this)
                    .build()
                    .start();
        }

        private Member member() {
            return Member.newBuilder()
                    .setId("m" + number)
                    .setHost("127.0.0.1")
                    .setGrpcPort(server.getPort())
                    .build();
        }

        @Override
        public void route(RouteRequest request, StreamObserver<RouteResponse> answer) {
            routes.incrementAndGet();
            if (!silent) {
                answer.onNext(routeNow());
                answer.onCompleted();
            }
        }

        @Override
        public StreamObserver<DataRequests> stream(StreamObserver<DataResponses> answers) {
            return new StreamObserver<>() {
                @Override
                public void onNext(DataRequests message) {
                    message.getRequestsList().forEach(request -> answer(request, answers));
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

        /** Whoever is not silent answers as the leader would. */
        private void answer(DataRequest request, StreamObserver<DataResponses> answers) {
            requests.incrementAndGet();
            if (!silent) {
                answers.onNext(DataResponses.newBuilder()
                        .addResponses(DataResponse.newBuilder()
                                .setId(request.getId())
                                .setGet(GetResponse.getDefaultInstance()))
                        .build());
            }
        }
    }

    private RouteResponse routeNow() {
        Group.Builder group = Group.newBuilder().setId(1);
        nodes.forEach(node -> group.addMembers(node.member()));
        return RouteResponse.newBuilder()
                .setMap(ShardMap.newBuilder()
                        .setEpoch(1)
                        .setShardCount(1)
                        .addOwner(1)
                        .addGroups(group))
                .addLeaders(GroupLeader.newBuilder().setGroupId(1).setMemberId("m" + leader))
                .build();
    }

    @BeforeEach
    void startNodes() throws IOException {
        for (int i = 0; i < 3; i++) {
            nodes.add(new Node());
        }
    }

    @AfterEach
    void stopNodes() throws InterruptedException {
        for (Node node : nodes) {
            node.server.shutdownNow().awaitTermination();
        }
    }

    @Test
    void isAskedOnceByACallAndNotForTheMap() {
        List<Endpoint> seeds = nodes.stream()
                .map(node -> new Endpoint("127.0.0.1", node.server.getPort()))
                .toList();
        try (KvClient client = new KvClient(seeds, Duration.ofSeconds(30))) {
            byte[] key = "key".getBytes(UTF_8);
            assertThat(client.get(key)).isEmpty();
            Node old = nodes.get(SILENT);
            assertThat(old.requests).hasValue(1);
            int routes = old.routes.get();
            old.silent = true;
            leader = NEXT; // as those who are asked for the map say; in it the old one is second
            assertThat(client.get(key)).isEmpty();
            assertThat(old.requests).as("and once in vain").hasValue(2);
            assertThat(client.get(key)).isEmpty();
            assertThat(old.requests).as("not by later calls").hasValue(2);
            assertThat(old.routes).hasValue(routes);
            assertThat(nodes.get(NEXT).requests).hasValue(2);
        }
    }
}
