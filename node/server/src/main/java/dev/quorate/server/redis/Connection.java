package dev.quorate.server.redis;

import dev.quorate.client.Slots;
import dev.quorate.server.data.Bursts;
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
        private Reply reply;
        private boolean last;

        private Pending(int sizeBytes) {
            this.sizeBytes = sizeBytes;
        }
    }

    private final KeyValueStore store;
    private final RedisConfig config;
    private final CommandTable commands;
    private final RequestObserver observer;
    private final long id;
    private final RequestParser parser;
    private final ShardOrder order;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Queue<Runnable> done = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean collecting = new AtomicBoolean();
    private ChannelHandlerContext context;
    private Session session;
    private ByteBuf input = Unpooled.EMPTY_BUFFER;
    private int inFlightBytes;
    private int expectedReplyBytes;
    private boolean closing;

    Connection(KeyValueStore store, RedisConfig config, CommandTable commands, RequestObserver observer, long id) {
        this.store = store;
        this.config = config;
        this.commands = commands;
        this.observer = observer;
        this.id = id;
        this.parser = new RequestParser(config.limits());
        this.order = new ShardOrder(store, this::whenDone);
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
        boolean more;
        do {
            more = startRequests();
            reply();
        } while (more && !closing && hasRoom());
        if (input.isReadable()) {
            input.discardSomeReadBytes();
        } else {
            input.release();
            input = Unpooled.EMPTY_BUFFER;
        }
        context.channel().config().setAutoRead(!closing && hasRoom());
    }

    /** True when it stopped for lack of room, not of input. */
    private boolean startRequests() {
        try {
            while (!closing && hasRoom()) {
                Request request = parser.next(input);
                if (request == null) {
                    return false;
                }
                start(request);
            }
            return true;
        } catch (ProtocolViolation e) {
            log.info(
                    "redis connection closed id={} client={} reason=\"{}\"",
                    id,
                    context.channel().remoteAddress(),
                    e.getMessage());
            answer(add(0), new Reply.Failure("ERR Protocol error: " + e.getMessage()), true);
            return false;
        }
    }

    /** Counts the replies that are to come as large as the largest of late. */
    private boolean hasRoom() {
        long bytes = inFlightBytes + (long) pending.size() * expectedReplyBytes;
        return pending.size() < config.limits().inFlightRequests()
                && bytes < config.limits().inFlightBytes()
                && context.channel().isWritable();
    }

    private void start(Request request) {
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
                order.read(
                        shardOf(read.slot()),
                        read.keys(),
                        session.readFrom(),
                        deadlineNanos(),
                        outcome(request, command, read.slot(), read.reply()));
            case Action.Write write ->
                order.write(
                        shardOf(write.slot()),
                        write.operations(),
                        deadlineNanos(),
                        outcome(request, command, write.slot(), write.reply()));
        }
    }

    private int shardOf(int slot) {
        int shardCount = store.shardCount();
        if (shardCount == 0) {
            throw new CommandException(ErrorReplies.NOT_READY);
        }
        return Slots.shardOfSlot(slot, shardCount);
    }

    private long deadlineNanos() {
        return System.nanoTime() + config.requestTimeout().toNanos();
    }

    private <T> ShardOrder.Outcome<T> outcome(Pending request, Command command, int slot, Function<T, Reply> toReply) {
        long startedNanos = System.nanoTime();
        request.protocol = session.protocol();
        return (result, failure) -> {
            try {
                request.reply = failure == null ? toReply.apply(result) : ErrorReplies.of(failure, slot);
            } catch (RuntimeException e) {
                log.error("redis command failed command={}", command.name(), e);
                request.reply = ErrorReplies.of(e, slot);
            }
            observer.served(command.name(), request.reply, System.nanoTime() - startedNanos);
        };
    }

    /** Hands the store's answers over to the event loop, many at once. */
    private void whenDone(Runnable task) {
        done.add(task);
        if (collecting.compareAndSet(false, true)) {
            Bursts.atEnd(() -> context.executor().execute(this::collect));
        }
    }

    /** Takes over what the store has done, which lets later requests start and be read. */
    private void collect() {
        collecting.set(false);
        for (Runnable next = done.poll(); next != null; next = done.poll()) {
            next.run();
        }
        if (context.channel().isActive()) {
            serve();
        }
    }

    private void answer(Pending request, Reply reply, boolean last) {
        request.protocol = session.protocol();
        request.reply = reply;
        request.last = last;
        closing |= last;
    }

    /** Sends the replies that are next in order, as fast as the client takes them. */
    private void reply() {
        boolean last = false;
        while (context.channel().isWritable() && !pending.isEmpty() && pending.element().reply != null) {
            ByteBuf output = context.alloc().ioBuffer();
            while (output.readableBytes() < OUTPUT_CHUNK_BYTES
                    && !pending.isEmpty()
                    && pending.element().reply != null) {
                Pending request = pending.remove();
                inFlightBytes -= request.sizeBytes;
                last |= request.last;
                int before = output.readableBytes();
                ReplyWriter.write(request.reply, request.protocol, output);
                expectedReplyBytes =
                        Math.max(output.readableBytes() - before, expectedReplyBytes - expectedReplyBytes / 8);
            }
            context.write(output, context.voidPromise());
        }
        context.flush();
        if (last || closing && pending.isEmpty()) {
            context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
