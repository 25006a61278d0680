package dev.quorate.server.transport;

import dev.quorate.raft.Message;
import dev.quorate.server.proto.Frame;
import dev.quorate.server.proto.Response;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A connection to a peer that was greeted and answered. Writes are dropped beyond the high water mark. */
final class PeerConnection {
    /** Bytes queued for a peer: more than the entries in flight to a follower, so that these alone never close the gate. */
    private static final WriteBufferWaterMark QUEUED_BYTES = new WriteBufferWaterMark(8 << 20, 16 << 20);

    private static final int CONNECT_TIMEOUT_MILLIS = 3_000;
    /** A machine that died says no farewell: without this the system would go on sending to it for a quarter of an hour. */
    private static final int UNACKNOWLEDGED_MILLIS = 5_000;

    private final Channel channel;

    private PeerConnection(Channel channel) {
        this.channel = channel;
    }

    /**
     * @param threads one of which does the connection's input and output
     * @param onResponse called on the connection's thread
     */
    static CompletableFuture<PeerConnection> open(
            Sockets sockets, EventLoopGroup threads, Self self, PeerAddress address, Consumer<Response> onResponse) {
        var greeted = new CompletableFuture<PeerConnection>();
        Bootstrap bootstrap = new Bootstrap()
                .group(threads)
                .channel(sockets.client())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, QUEUED_BYTES)
                .option(ChannelOption.RCVBUF_ALLOCATOR, Frames.receiveBuffers())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Frames.addTo(channel.pipeline());
                        sockets.faults()
                                .ifPresent(faults -> channel.pipeline().addLast(new FaultGate(faults, address)));
                        channel.pipeline().addLast(new Greeter(self, address, greeted, onResponse));
                    }
                });
        if (Epoll.isAvailable()) {
            bootstrap.option(EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MILLIS);
        }
        Thread.ofVirtual().name("connect-" + address).start(() -> connect(bootstrap, address, greeted));
        return greeted;
    }

    /** The name is looked up anew each time: a pod comes back under another address. That may take long, so no event loop does it. */
    private static void connect(Bootstrap bootstrap, PeerAddress address, CompletableFuture<PeerConnection> greeted) {
        InetSocketAddress found = new InetSocketAddress(address.host(), address.port());
        if (found.isUnresolved()) {
            greeted.completeExceptionally(new UnknownHostException(address.host()));
            return;
        }
        try {
            bootstrap.connect(found).addListener(connected -> {
                if (!connected.isSuccess()) {
                    greeted.completeExceptionally(connected.cause());
                }
            });
        } catch (IllegalStateException | RejectedExecutionException e) {
            greeted.completeExceptionally(e); // the node has closed
        }
    }

    boolean writable() {
        return channel.isWritable();
    }

    boolean active() {
        return channel.isActive();
    }

    void write(Frame frame) {
        channel.write(frame, channel.voidPromise());
    }

    void write(Message message) {
        channel.write(message, channel.voidPromise());
    }

    void flush() {
        channel.flush();
    }

    void onClose(Runnable action) {
        channel.closeFuture().addListener(_ -> action.run());
    }

    void close() {
        channel.close();
    }

    private static final class Greeter extends SimpleChannelInboundHandler<Frame> {
        private final Self self;
        private final PeerAddress address;
        private final CompletableFuture<PeerConnection> greeted;
        private final Consumer<Response> onResponse;

        Greeter(
                Self self,
                PeerAddress address,
                CompletableFuture<PeerConnection> greeted,
                Consumer<Response> onResponse) {
            super(Frame.class);
            this.self = self;
            this.address = address;
            this.greeted = greeted;
            this.onResponse = onResponse;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.writeAndFlush(Handshake.hello(self, address.groupId()))
                    .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            context.executor()
                    .schedule(
                            () -> fail(context, "no answer to the greeting"),
                            Handshake.TIMEOUT_MILLIS,
                            TimeUnit.MILLISECONDS);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, Frame frame) {
            switch (frame.getBodyCase()) {
                case WELCOME -> {
                    if (frame.getWelcome().getRemoved()) {
                        fail(
                                context,
                                new RemovedException(
                                        address + ": " + frame.getWelcome().getRefusal()));
                    } else if (!frame.getWelcome().getRefusal().isEmpty()) {
                        fail(context, "refused: " + frame.getWelcome().getRefusal());
                    } else {
                        Frames.trust(context.pipeline());
                        greeted.complete(new PeerConnection(context.channel()));
                    }
                }
                case RESPONSE -> onResponse.accept(frame.getResponse());
                default -> throw new IllegalArgumentException("a " + frame.getBodyCase() + " out of turn");
            }
        }

        private void fail(ChannelHandlerContext context, String reason) {
            fail(context, new IOException(address + ": " + reason));
        }

        private void fail(ChannelHandlerContext context, IOException reason) {
            if (greeted.completeExceptionally(reason)) {
                context.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            fail(context, "closed before it was greeted");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            greeted.completeExceptionally(cause);
            context.close();
        }
    }
}
