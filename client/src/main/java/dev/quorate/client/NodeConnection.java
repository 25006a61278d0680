package dev.quorate.client;

import dev.quorate.api.DataRequest;
import dev.quorate.api.DataResponse;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.KeyValueGrpc;
import dev.quorate.api.KeyValueGrpc.KeyValueBlockingStub;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The way to one node: a channel, and on it a stream of requests, which is opened when it is needed and anew after it ended. */
final class NodeConnection {
    private final ManagedChannel channel;
    private final ClientThread thread;
    private final AtomicLong lastId = new AtomicLong();
    private volatile RequestStream stream;

    NodeConnection(Endpoint endpoint, ClientThread thread) {
        this.thread = thread;
        this.channel = thread.channel(endpoint);
    }

    /**
     * The node's answer.
     *
     * @throws QuorateException when it is an error, or there is none
     */
    DataResponse call(DataRequest.Builder request, long timeoutMillis) {
        PendingCall pending = new PendingCall(
                request.setId(lastId.incrementAndGet())
                        .setTimeoutMillis((int) Math.min(timeoutMillis, Integer.MAX_VALUE))
                        .build(),
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
        stream().submit(pending);
        DataResponse response = await(pending);
        if (response.hasError()) {
            throw new QuorateException(response.getError(), null);
        }
        return response;
    }

    private static DataResponse await(PendingCall pending) {
        try {
            return pending.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            pending.cancel(false);
            Error error = Error.newBuilder()
                    .setCode(Error.Code.UNREACHABLE)
                    .setEffect(Effect.UNKNOWN)
                    .setMessage("interrupted while waiting for the answer")
                    .build();
            throw new QuorateException(error, e);
        } catch (ExecutionException | CancellationException e) {
            throw new IllegalStateException(e);
        }
    }

    private RequestStream stream() {
        RequestStream current = stream;
        return current == null || current.isClosed() ? openStream() : current;
    }

    private synchronized RequestStream openStream() {
        if (stream == null || stream.isClosed()) {
            stream = new RequestStream(channel, thread.loop());
        }
        return stream;
    }

    KeyValueBlockingStub stub(long timeoutMillis) {
        return KeyValueGrpc.newBlockingStub(channel).withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS);
    }

    /** Whether there is a connection now. */
    boolean isReady() {
        return channel.getState(false) == ConnectivityState.READY;
    }

    /** The next call connects at once instead of failing for as long as gRPC's backoff of up to two minutes. */
    void forgetBackoff() {
        channel.resetConnectBackoff();
    }

    /** Nobody asks this node any more: ends when all is answered. */
    synchronized void retire() {
        if (stream != null) {
            stream.retire();
        }
        channel.shutdown();
    }

    /** Ends now; what is not answered fails. */
    void close() {
        channel.shutdownNow();
    }
}
