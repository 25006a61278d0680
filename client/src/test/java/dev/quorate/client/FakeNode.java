package dev.quorate.client;

import dev.quorate.api.DataRequest;
import dev.quorate.api.DataRequests;
import dev.quorate.api.DataResponse;
import dev.quorate.api.DataResponses;
import dev.quorate.api.KeyValueGrpc;
import dev.quorate.api.Member;
import dev.quorate.api.RouteRequest;
import dev.quorate.api.RouteResponse;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A node's data port, which says what a test has it say, and counts what it is asked. */
final class FakeNode extends KeyValueGrpc.KeyValueImplBase implements AutoCloseable {
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger routes = new AtomicInteger();
    /** It takes what it is sent, and answers nothing. */
    volatile boolean silent;

    private final String id;
    private final Supplier<RouteResponse> route;
    private final Consumer<DataResponse.Builder> answer;
    private final Server server;

    /** @param answer fills in the answer to a request, whatever it is */
    FakeNode(String id, Supplier<RouteResponse> route, Consumer<DataResponse.Builder> answer) throws IOException {
        this.id = id;
        this.route = route;
        this.answer = answer;
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(this)
                .build()
                .start();
    }

    Endpoint endpoint() {
        return new Endpoint("127.0.0.1", server.getPort());
    }

    Member member() {
        return member(id, server.getPort());
    }

    static Member member(String id, int grpcPort) {
        return Member.newBuilder()
                .setId(id)
                .setHost("127.0.0.1")
                .setGrpcPort(grpcPort)
                .build();
    }

    @Override
    public void route(RouteRequest request, StreamObserver<RouteResponse> told) {
        routes.incrementAndGet();
        if (!silent) {
            told.onNext(route.get());
            told.onCompleted();
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

    private void answer(DataRequest request, StreamObserver<DataResponses> answers) {
        requests.incrementAndGet();
        if (!silent) {
            DataResponse.Builder response = DataResponse.newBuilder().setId(request.getId());
            answer.accept(response);
            answers.onNext(DataResponses.newBuilder().addResponses(response).build());
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
