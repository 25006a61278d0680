package dev.quorate.client;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The one thread that does the input and output of a client's connections. Whatever it runs must not block. */
final class ClientThread implements AutoCloseable {
    /** In flight to or from a node: gRPC's own measuring of it costs more than it gains. */
    private static final int WINDOW_BYTES = 4 << 20;
    /** A page of a scan has 3 MiB. */
    private static final int MESSAGE_BYTES_MAX = 8 << 20;

    private static final int KEEP_ALIVE_SECONDS = 20;

    private final EventLoopGroup group;
    private final Class<? extends Channel> socket;

    ClientThread() {
        var factory = new DefaultThreadFactory("quorate-client", true);
        if (Epoll.isAvailable()) {
            group = new EpollEventLoopGroup(1, factory);
            socket = EpollSocketChannel.class;
        } else {
            group = new NioEventLoopGroup(1, factory);
            socket = NioSocketChannel.class;
        }
    }

    /** A channel that connects when it is used. Its calls are answered on this thread. */
    ManagedChannel channel(Endpoint endpoint) {
        return NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
                .usePlaintext()
                .eventLoopGroup(group)
                .channelType(socket)
                .directExecutor()
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .build();
    }

    EventLoop loop() {
        return (EventLoop) group.next();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
