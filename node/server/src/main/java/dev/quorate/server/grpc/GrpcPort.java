package dev.quorate.server.grpc;

import dev.quorate.server.transport.Sockets;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A port that serves gRPC. */
public final class GrpcPort implements AutoCloseable {
    private static final int KEEP_ALIVE_SECONDS_MIN = 10;
    /** In flight on a connection: gRPC's own measuring of it costs more than it gains. */
    private static final int WINDOW_BYTES = 4 << 20;

    private final Server server;

    private GrpcPort(Server server) {
        this.server = server;
    }

    /**
     * Starts listening.
     *
     * @param sockets whose threads run the calls, so that services must not block; they outlive the port
     * @param port to listen on; 0 takes a free one
     * @throws IOException when the address can't be listened on
     */
    public static GrpcPort start(Sockets sockets, String bindHost, int port, ServerServiceDefinition... services)
            throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(bindHost, port))
                .bossEventLoopGroup(sockets.threads())
                .workerEventLoopGroup(sockets.threads())
                .channelType(sockets.server())
                .directExecutor()
                .flowControlWindow(WINDOW_BYTES)
                .permitKeepAliveTime(KEEP_ALIVE_SECONDS_MIN, TimeUnit.SECONDS);
        for (ServerServiceDefinition service : services) {
            builder.addService(service);
        }
        try {
            return new GrpcPort(builder.build().start());
        } catch (IOException e) {
            throw new IOException("can't listen for gRPC clients on " + bindHost + ":" + port, e);
        }
    }

    /** The port listened on. */
    public int port() {
        return server.getPort();
    }

    /** Takes no more calls, lets those under way end, for as long as the grace lasts, then closes. */
    public void shutdown(Duration grace) {
        server.shutdown();
        try {
            server.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.shutdownNow();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
