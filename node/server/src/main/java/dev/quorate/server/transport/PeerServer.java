package dev.quorate.server.transport;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.raft.Message;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.proto.Frame;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.Response;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port that peers connect to. */
public final class PeerServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerServer.class);
    private static final int MAX_CALLS_PER_CONNECTION = 256;

    private final Self self;
    private final PeerHandler handler;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final Channel listener;

    private PeerServer(Self self, PeerHandler handler, Sockets sockets, String host, int port) throws IOException {
        this.self = self;
        this.handler = handler;
        var bound = new ServerBootstrap()
                .group(sockets.consensus())
                .channel(sockets.server())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RCVBUF_ALLOCATOR, Frames.receiveBuffers())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        Frames.addTo(channel.pipeline());
                        sockets.faults().ifPresent(faults -> channel.pipeline().addLast(new FaultGate(faults, null)));
                        channel.pipeline().addLast(new Connection());
                    }
                })
                .bind(host, port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + host + ":" + port + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        this.listener = bound.channel();
    }

    /** @param port 0 for any free one */
    public static PeerServer listen(Self self, PeerHandler handler, Sockets sockets, String host, int port)
            throws IOException {
        return new PeerServer(self, handler, sockets, host, port);
    }

    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    @Override
    public void close() {
        listener.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
        channels.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
        calls.shutdownNow();
    }

    /** One caller. Knows nothing before its hello, and closes on anything that is not said in turn. */
    private final class Connection extends ChannelInboundHandlerAdapter {
        private final Semaphore callSlots = new Semaphore(MAX_CALLS_PER_CONNECTION);
        private boolean welcome;
        /** Of a member of this group; empty for others. */
        private String memberId = "";

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.executor()
                    .schedule(
                            () -> {
                                if (!welcome) {
                                    context.close();
                                }
                            },
                            Handshake.TIMEOUT_MILLIS,
                            TimeUnit.MILLISECONDS);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object said) {
            if (!welcome) {
                greet(context, said);
            } else if (handler.isRemoved(memberId)) {
                context.close(); // it comes back, and is told why
            } else if (said instanceof Message message) {
                handler.receive(message);
            } else if (said instanceof Frame frame && frame.hasRequest()) {
                answer(context, frame.getRequest());
            } else {
                throw new IllegalArgumentException("a frame out of turn");
            }
        }

        private void greet(ChannelHandlerContext context, Object said) {
            Frame frame = said instanceof Frame first ? first : Frame.getDefaultInstance();
            String refusal = Handshake.refusal(self, frame);
            memberId = Handshake.isOfGroup(self, frame) ? frame.getHello().getMemberId() : "";
            boolean removed = refusal.isEmpty() && handler.isRemoved(memberId);
            if (removed) {
                refusal = "member " + memberId + " was removed from group " + self.groupId();
            }
            var sent = context.writeAndFlush(Handshake.welcome(self, frame, refusal, removed));
            if (refusal.isEmpty()) {
                welcome = true;
                Frames.trust(context.pipeline());
            } else {
                LOG.warn(
                        "event=peer_refused remote={} reason=\"{}\"",
                        context.channel().remoteAddress(),
                        refusal);
                sent.addListener(ChannelFutureListener.CLOSE);
            }
        }

        private void answer(ChannelHandlerContext context, Request request) {
            if (!callSlots.tryAcquire()) {
                reply(context, request, busy());
                return;
            }
            try {
                calls.execute(() -> {
                    try {
                        reply(context, request, answerTo(request));
                    } finally {
                        callSlots.release();
                    }
                });
            } catch (RejectedExecutionException e) {
                context.close(); // the node is closing
            }
        }

        private Response answerTo(Request request) {
            try {
                return handler.answer(request);
            } catch (RequestException e) {
                return Response.newBuilder().setError(e.error()).build();
            }
        }

        private void reply(ChannelHandlerContext context, Request request, Response response) {
            context.writeAndFlush(Frame.newBuilder()
                    .setResponse(response.toBuilder().setId(request.getId()))
                    .build());
        }

        private Response busy() {
            return Response.newBuilder()
                    .setError(Error.newBuilder()
                            .setCode(Error.Code.BUSY)
                            .setEffect(Effect.NOT_APPLIED)
                            .setMessage("too many calls on one connection"))
                    .build();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!(cause instanceof IOException io)
                    || io instanceof com.google.protobuf.InvalidProtocolBufferException) {
                LOG.warn(
                        "event=peer_closed remote={} reason=\"{}\"",
                        context.channel().remoteAddress(),
                        cause.getMessage());
            }
            context.close();
        }
    }
}
