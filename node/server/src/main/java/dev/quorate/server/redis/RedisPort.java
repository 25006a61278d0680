package dev.quorate.server.redis;

import dev.quorate.server.data.KeyValueStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Listens for Redis clients and serves them from one member's data. */
public final class RedisPort implements AutoCloseable {
    private static final int THREADS = 2;
    private static final byte[] TOO_MANY = "-ERR max number of clients reached\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 << 10, 1 << 20);

    private final EventLoopGroup threads;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final AtomicLong nextId = new AtomicLong(1);
    private final Channel listener;

    private RedisPort(KeyValueStore store, RedisConfig config, MeterRegistry meters) throws IOException {
        DefaultThreadFactory names = new DefaultThreadFactory("redis-" + config.port(), true);
        boolean epoll = Epoll.isAvailable();
        this.threads = epoll ? new EpollEventLoopGroup(THREADS, names) : new NioEventLoopGroup(THREADS, names);
        CommandTable commands = new CommandTable(store, config);
        RequestObserver observer = observer(meters);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(threads)
                .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (connections.size() >= config.limits().connections()) {
                            channel.writeAndFlush(channel.alloc().buffer().writeBytes(TOO_MANY))
                                    .addListener(ChannelFutureListener.CLOSE);
                            return;
                        }
                        connections.add(channel);
                        channel.pipeline()
                                .addLast(new Connection(store, config, commands, observer, nextId.getAndIncrement()));
                    }
                });
        try {
            listener = bootstrap
                    .bind(config.bindHost(), config.port())
                    .syncUninterruptibly()
                    .channel();
        } catch (Exception e) {
            threads.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new IOException("can't listen for Redis clients on " + config.bindHost() + ":" + config.port(), e);
        }
        meters.gaugeCollectionSize("quorate.redis.connections", List.of(), connections);
    }

    /**
     * Starts listening.
     *
     * @param meters where requests and connections are counted
     * @throws IOException when the address can't be listened on
     */
    public static RedisPort start(KeyValueStore store, RedisConfig config, MeterRegistry meters) throws IOException {
        return new RedisPort(store, config, meters);
    }

    /** The port listened on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Takes no more connections, answers the requests that are in flight, for as long as the grace lasts, then closes. */
    public synchronized void shutdown(Duration grace) {
        if (threads.isShuttingDown()) {
            return;
        }
        listener.close().syncUninterruptibly();
        for (Channel channel : connections) {
            Connection connection = channel.pipeline().get(Connection.class);
            if (connection != null) {
                connection.finish();
            }
        }
        connections.newCloseFuture().awaitUninterruptibly(grace.toMillis());
        connections.close().awaitUninterruptibly();
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        shutdown(Duration.ZERO);
    }

    private static RequestObserver observer(MeterRegistry meters) {
        Map<String, Map<String, Timer>> timers = new ConcurrentHashMap<>();
        return (command, reply, durationNanos) -> timers.computeIfAbsent(command, _ -> new ConcurrentHashMap<>())
                .computeIfAbsent(outcome(reply), outcome -> timer(meters, command, outcome))
                .record(durationNanos, TimeUnit.NANOSECONDS);
    }

    private static Timer timer(MeterRegistry meters, String command, String outcome) {
        return Timer.builder("quorate.redis.requests")
                .description("Requests of Redis clients that the store served")
                .tag("operation", command)
                .tag("outcome", outcome)
                .register(meters);
    }

    /** The error's first word, a handful of which there are. */
    private static String outcome(Reply reply) {
        return reply instanceof Reply.Failure(String text) ? text.substring(0, text.indexOf(' ')) : "OK";
    }
}
