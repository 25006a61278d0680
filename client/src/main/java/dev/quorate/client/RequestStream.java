package dev.quorate.client;

import dev.quorate.api.DataRequest;
import dev.quorate.api.DataRequests;
import dev.quorate.api.DataResponse;
import dev.quorate.api.DataResponses;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.KeyValueGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many callers' requests on one gRPC stream to a node. Callers only queue; the client's thread takes all that has gathered into one message. Ends with
 * its connection: what had not left then is known to have had no effect.
 */
final class RequestStream extends ClientCall.Listener<DataResponses> {
    /** Of requests that are not answered. */
    private static final long OUTSTANDING_BYTES_MAX = 32 << 20;

    private static final int MESSAGE_BYTES = 1 << 20;
    private static final int WRITE_AHEAD_BYTES = 256 << 10;
    private static final int DEADLINES_EVERY_MILLIS = 20;

    private final EventLoop loop;
    private final ClientCall<DataRequests, DataResponses> call;
    private final AtomicLong outstandingBytes = new AtomicLong();
    private final Queue<PendingCall> submitted = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean sending = new AtomicBoolean();
    private volatile boolean closed;

    private final Map<Long, PendingCall> sent = new ConcurrentHashMap<>();
    private volatile Error reason;

    // The client's thread alone touches what follows.
    private boolean watchingDeadlines;
    private boolean retired;

    RequestStream(ManagedChannel channel, EventLoop loop) {
        this.loop = loop;
        this.call = channel.newCall(
                KeyValueGrpc.getStreamMethod(), CallOptions.DEFAULT.withOnReadyThreshold(WRITE_AHEAD_BYTES));
        call.start(this, new Metadata());
        call.request(Integer.MAX_VALUE); // as many answers as there are requests: these are bounded
    }

    boolean isClosed() {
        return closed;
    }

    /** Sends a request; the call is completed by its deadline at the latest. */
    void submit(PendingCall pending) {
        int bytes = pending.countedBytes();
        if (outstandingBytes.addAndGet(bytes) > OUTSTANDING_BYTES_MAX) {
            outstandingBytes.addAndGet(-bytes);
            pending.fail(
                    Error.Code.BUSY,
                    Effect.NOT_APPLIED,
                    "too many requests of this client wait for an answer: back off");
            return;
        }
        submitted.add(pending);
        if (sending.compareAndSet(false, true)) {
            run(this::send);
        }
    }

    /** No more requests come: ends when all are answered. */
    void retire() {
        run(() -> {
            retired = true;
            endIfRetired();
        });
    }

    private void run(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            end(Error.newBuilder()
                    .setCode(Error.Code.UNREACHABLE)
                    .setEffect(Effect.UNKNOWN)
                    .setMessage("the client is closed")
                    .build());
        }
    }

    /** Takes along all that has gathered, for as long as the connection takes it. */
    private void send() {
        sending.set(false);
        while (!closed && call.isReady() && !submitted.isEmpty()) {
            DataRequests message = nextMessage();
            if (message.getRequestsCount() > 0) {
                call.sendMessage(message);
            }
        }
        if (closed) {
            failSubmitted();
        } else {
            watchDeadlines();
        }
    }

    private DataRequests nextMessage() {
        DataRequests.Builder message = DataRequests.newBuilder();
        int bytes = 0;
        for (PendingCall next = submitted.peek(); next != null; next = submitted.peek()) {
            DataRequest request = next.request();
            bytes += request.getSerializedSize();
            if (bytes > MESSAGE_BYTES && message.getRequestsCount() > 0) {
                break;
            }
            submitted.remove();
            if (next.isDone()) {
                release(next); // its caller has given up
            } else {
                sent.put(next.id(), next);
                message.addRequests(request);
            }
        }
        return message.build();
    }

    private void release(PendingCall pending) {
        outstandingBytes.addAndGet(-pending.countedBytes());
    }

    @Override
    public void onReady() {
        onLoop(this::send);
    }

    @Override
    public void onMessage(DataResponses message) {
        onLoop(() -> {
            for (DataResponse response : message.getResponsesList()) {
                PendingCall pending = sent.remove(response.getId());
                if (pending != null) {
                    release(pending);
                    pending.complete(response);
                }
            }
            endIfRetired();
        });
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        onLoop(() -> close(status));
    }

    /** gRPC calls back on other threads as long as it connects. */
    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            run(task);
        }
    }

    private void close(Status status) {
        // A node that ends the stream itself has answered all that it took.
        end(
                status.isOk()
                        ? Error.newBuilder()
                                .setCode(Error.Code.UNREACHABLE)
                                .setEffect(Effect.NOT_APPLIED)
                                .setMessage("the node has ended the connection: it is stopping")
                                .build()
                        : ErrorTrailer.toError(status));
    }

    /** @param error of what was sent; what was not has had no effect in any case */
    private void end(Error error) {
        reason = error.toBuilder().setEffect(Effect.NOT_APPLIED).build();
        closed = true;
        sent.values().forEach(pending -> {
            release(pending);
            pending.fail(error);
        });
        sent.clear();
        failSubmitted();
    }

    private void failSubmitted() {
        for (PendingCall pending = submitted.poll(); pending != null; pending = submitted.poll()) {
            release(pending);
            pending.fail(reason);
        }
    }

    private void endIfRetired() {
        if (retired && !closed && sent.isEmpty() && submitted.isEmpty()) {
            call.halfClose();
            retired = false;
        }
    }

    private void watchDeadlines() {
        if (!watchingDeadlines && !(sent.isEmpty() && submitted.isEmpty())) {
            watchingDeadlines = true;
            loop.schedule(() -> failDue(System.nanoTime()), DEADLINES_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** The node answers before the deadline; this is for when it does not. */
    private void failDue(long nowNanos) {
        failDue(submitted, nowNanos, Effect.NOT_APPLIED, "no connection to the node in time");
        failDue(sent.values(), nowNanos, Effect.UNKNOWN, "the node did not answer in time");
        sent.values().removeIf(pending -> {
            boolean done = pending.isDone();
            if (done) {
                release(pending);
            }
            return done;
        });
        watchingDeadlines = false;
        watchDeadlines();
        endIfRetired();
    }

    private static void failDue(Iterable<PendingCall> calls, long nowNanos, Effect effect, String message) {
        for (PendingCall pending : calls) {
            if (pending.isDue(nowNanos)) {
                pending.fail(Error.Code.DEADLINE, effect, message);
            }
        }
    }
}
