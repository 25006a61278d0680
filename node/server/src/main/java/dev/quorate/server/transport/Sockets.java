package dev.quorate.server.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The threads and kinds of sockets that a node's connections share: epoll where there is one, else NIO.
 *
 * @param faults of the network between peers, in tests
 */
public record Sockets(
        EventLoopGroup threads,
        Class<? extends ServerChannel> server,
        Class<? extends Channel> client,
        Optional<FaultSwitch> faults)
        implements AutoCloseable {
    private static final int THREADS = 2;

    /** Of a network without faults. */
    public static Sockets open(String name) {
        return open(name, Optional.empty());
    }

    public static Sockets open(String name, Optional<FaultSwitch> faults) {
        var factory = new DefaultThreadFactory(name, true);
        return Epoll.isAvailable()
                ? new Sockets(
                        new EpollEventLoopGroup(THREADS, factory),
                        EpollServerSocketChannel.class,
                        EpollSocketChannel.class,
                        faults)
                : new Sockets(
                        new NioEventLoopGroup(THREADS, factory),
                        NioServerSocketChannel.class,
                        NioSocketChannel.class,
                        faults);
    }

    @Override
    public void close() {
        threads.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
