package dev.quorate.server.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
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
import io.netty.util.concurrent.EventExecutor;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The threads and kinds of sockets that a node's connections share: epoll where there is one, else NIO.
 *
 * @param consensus where the consensus core runs, and with it the input and output of its messages
 * @param threads of everything else
 * @param faults of the network between peers, in tests
 */
public record Sockets(
        EventLoop consensus,
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
        var consensus = new DefaultThreadFactory(name + "-raft", true);
        var others = new DefaultThreadFactory(name, true);
        return Epoll.isAvailable()
                ? new Sockets(
                        new EpollEventLoopGroup(1, consensus).next(),
                        new EpollEventLoopGroup(THREADS, others),
                        EpollServerSocketChannel.class,
                        EpollSocketChannel.class,
                        faults)
                : new Sockets(
                        new NioEventLoopGroup(1, consensus).next(),
                        new NioEventLoopGroup(THREADS, others),
                        NioServerSocketChannel.class,
                        NioSocketChannel.class,
                        faults);
    }

    /** The one of {@link #threads} that calls this; any of them when none does. */
    public EventExecutor current() {
        for (EventExecutor thread : threads) {
            if (thread.inEventLoop()) {
                return thread;
            }
        }
        return threads.next();
    }

    @Override
    public void close() {
        consensus.parent().shutdownGracefully(0, 2, TimeUnit.SECONDS);
        threads.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        consensus.terminationFuture().awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
