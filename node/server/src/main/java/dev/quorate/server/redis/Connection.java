package dev.quorate.server.redis;

import dev.quorate.client.Slots;
import dev.quorate.server.data.KeyValueStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. Requests are served as they are parsed, many at once; replies leave in the order of the requests. All state is
 * confined to the event loop: the store's threads only hand over what is done.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(Connection.class);
    private static final int OUTPUT_CHUNK_BYTES = 64 << 10;

    /** A request in flight, in its place in the order of replies. */
    private static final class Pending {
        private final int sizeBytes;
        private int protocol;
        private int shard = -1;
        private Reply reply;
        private boolean last;

        private Pending(int sizeBytes) {
            this.sizeBytes = sizeBytes;
        }
    }

    private record Done(Pending pending, Reply reply) {}

    private final KeyValueStore store;
    private final RedisConfig config;
    private final CommandTable commands;
    private final RequestObserver observer;
    private final long id;
    private final RequestParser parser;
    private final ShardOrder order = new ShardOrder();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Queue<Done> done = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean collecting = new AtomicBoolean();
    private ChannelHandlerContext context;
    private Session session;
    private ByteBuf input = Unpooled.EMPTY_BUFFER;
    private int inFlightBytes;
    private boolean closing;

    Connection(KeyValueStore store, RedisConfig config, CommandTable commands, RequestObserver observer, long id) {
        this.store = store;
        this.config = config;
        this.commands = commands;
        this.observer = observer;
        this.id = id;
        this.parser = new RequestParser(config.limits());
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        session = new Session(
                id, ctx.channel().remoteAddress(), ctx.channel().localAddress(), System.currentTimeMillis());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (closing) {
            bytes.release();
            return;
        }
        input = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), input, bytes);
        serve();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        serve();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        order.clear();
        pending.clear();
        input.release();
        input = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            log.warn(
                    "redis connection failed id={} client={}", id, ctx.channel().remoteAddress(), cause);
        }
        ctx.close();
    }

    /** Answers what is in flight, then closes. Any thread may call it. */
    void finish() {
        if (context != null) {
            context.executor().execute(() -> {
                closing = true;
                reply();
            });
        }
    }

    /** Serves what has arrived, as long as there is room for it; stops reading while there is none. */
    private void serve() {
        try {
            while (!closing && hasRoom()) {
                Request request = parser.next(input);
                if (request == null) {
                    break;
                }
                serve(request);
            }
        } catch (ProtocolViolation e) {
            log.info(
                    "redis connection closed id={} client={} reason=\"{}\"",
                    id,
                    context.channel().remoteAddress(),
                    e.getMessage());
            answer(add(0), new Reply.Failure("ERR Protocol error: " + e.getMessage()), true);
        }
        if (input.isReadable()) {
            input.discardSomeReadBytes();
        } else {
            input.release();
            input = Unpooled.EMPTY_BUFFER;
        }
        context.channel().config().setAutoRead(!closing && hasRoom());
        reply();
    }

    private boolean hasRoom() {
        return pending.size() < config.limits().inFlightRequests()
                && inFlightBytes < config.limits().inFlightBytes()
                && context.channel().isWritable();
    }

    private void serve(Request request) {
        switch (request) {
            case Request.TooLarge(String reason) -> answer(add(0), new Reply.Failure("ERR " + reason), false);
            case Request.Command command -> {
                Pending slot = add(command.sizeBytes());
                try {
                    Command found = commands.find(command.arguments());
                    start(slot, found, commands.run(found, command.arguments(), session, System.currentTimeMillis()));
                } catch (CommandException e) {
                    answer(slot, new Reply.Failure(e.getMessage()), false);
                }
            }
        }
    }

    private Pending add(int sizeBytes) {
        Pending request = new Pending(sizeBytes);
        inFlightBytes += sizeBytes;
        pending.add(request);
        return request;
    }

    private void start(Pending request, Command command, Action action) {
        switch (action) {
            case Action.Answer(Reply reply) -> answer(request, reply, false);
            case Action.AnswerAndClose(Reply reply) -> answer(request, reply, true);
            case Action.Read read ->
                start(
                        request,
                        command,
                        read.slot(),
                        ShardOrder.Kind.READ,
                        read.reply(),
                        deadlineNanos -> store.read(request.shard, read.keys(), deadlineNanos));
            case Action.Write write ->
                start(
                        request,
                        command,
                        write.slot(),
                        ShardOrder.Kind.WRITE,
                        write.reply(),
                        deadlineNanos -> store.write(request.shard, write.operations(), deadlineNanos));
        }
    }

    private interface Call<T> {
        CompletableFuture<T> before(long deadlineNanos);
    }

    private <T> void start(
            Pending request,
            Command command,
            int slot,
            ShardOrder.Kind kind,
            Function<T, Reply> toReply,
            Call<T> call) {
        int shardCount = store.shardCount();
        if (shardCount == 0) {
            throw new CommandException(ErrorReplies.NOT_READY);
        }
        long startedNanos = System.nanoTime();
        long deadlineNanos = startedNanos + config.requestTimeout().toNanos();
        request.protocol = session.protocol();
        request.shard = Slots.shardOfSlot(slot, shardCount);
        order.submit(
                request.shard,
                kind,
                () -> attempt(call, deadlineNanos)
                        .thenApply(toReply)
                        .exceptionally(failure -> ErrorReplies.of(failure, slot))
                        .thenAccept(reply -> {
                            observer.served(command.name(), reply, System.nanoTime() - startedNanos);
                            done.add(new Done(request, reply));
                            if (collecting.compareAndSet(false, true)) {
                                context.executor().execute(this::collect);
                            }
                        }));
    }

    private static <T> CompletableFuture<T> attempt(Call<T> call, long deadlineNanos) {
        try {
            return call.before(deadlineNanos);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Takes over what the store has done, which lets later requests start and be read. */
    private void collect() {
        collecting.set(false);
        for (Done next = done.poll(); next != null; next = done.poll()) {
            next.pending().reply = next.reply();
            order.finished(next.pending().shard);
        }
        if (context.channel().isActive()) {
            reply();
            serve();
        }
    }

    private void answer(Pending request, Reply reply, boolean last) {
        request.protocol = session.protocol();
        request.reply = reply;
        request.last = last;
        closing |= last;
    }

    /** Sends the replies that are next in order. */
    private void reply() {
        ByteBuf output = null;
        boolean last = false;
        while (!pending.isEmpty() && pending.element().reply != null) {
            Pending request = pending.remove();
            inFlightBytes -= request.sizeBytes;
            last |= request.last;
            if (output == null) {
                output = context.alloc().ioBuffer();
            }
            ReplyWriter.write(request.reply, request.protocol, output);
            if (output.readableBytes() >= OUTPUT_CHUNK_BYTES) {
                context.write(output, context.voidPromise());
                output = null;
            }
        }
        if (output != null) {
            context.write(output, context.voidPromise());
        }
        context.flush();
        if (last || closing && pending.isEmpty()) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
