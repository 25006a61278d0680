package dev.quorate.server.transport;

import dev.quorate.server.data.RequestException;
import dev.quorate.server.proto.Frame;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Calls to other nodes, of this group or another: one connection an address, answers matched by id. For virtual threads: calls block. */
public final class PeerCalls implements Calls, AutoCloseable {
    private static final int MAX_CALLS_IN_FLIGHT = 1_024;

    private final Sockets sockets;
    private final Self self;
    private final AtomicLong lastId = new AtomicLong();
    private final Map<PeerAddress, CompletableFuture<Line>> lines = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public PeerCalls(Sockets sockets, Self self) {
        this.sockets = sockets;
        this.self = self;
    }

    @Override
    public Response call(PeerAddress address, Request.Builder request, Duration timeout) throws IOException {
        long id = lastId.incrementAndGet();
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        Line line = await(address, line(address), timeout);
        var answer = line.expect(id);
        try {
            line.connection.write(Frame.newBuilder()
                    .setGroupId(address.groupId())
                    .setRequest(request.setId(id).setTimeoutMillis((int) timeout.toMillis()))
                    .build());
            line.connection.flush();
            Response response = await(address, answer, Duration.ofNanos(deadlineNanos - System.nanoTime()));
            if (response.hasError()) {
                throw new RequestException(response.getError());
            }
            return response;
        } finally {
            line.pending.remove(id);
        }
    }

    private <T> T await(PeerAddress address, CompletableFuture<T> future, Duration timeout) throws IOException {
        try {
            return future.get(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(address + ": " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException(address + ": no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(address + ": interrupted", e);
        }
    }

    private CompletableFuture<Line> line(PeerAddress address) {
        var opening = new CompletableFuture<Line>();
        var known = lines.putIfAbsent(address, opening);
        if (known != null) {
            return known;
        }
        var pending = new ConcurrentHashMap<Long, CompletableFuture<Response>>();
        PeerConnection.open(sockets, sockets.threads(), self, address, response -> {
                    var waiting = pending.remove(response.getId());
                    if (waiting != null) {
                        waiting.complete(response);
                    }
                })
                .whenComplete((connection, failure) -> {
                    if (failure != null) {
                        lines.remove(address, opening);
                        opening.completeExceptionally(failure);
                        return;
                    }
                    var line = new Line(connection, pending);
                    connection.onClose(() -> {
                        lines.remove(address, opening);
                        line.fail();
                    });
                    opening.complete(line);
                    if (closed) {
                        connection.close();
                    }
                });
        return opening;
    }

    @Override
    public void close() {
        closed = true;
        lines.values().forEach(opening -> opening.thenAccept(line -> line.connection.close()));
    }

    /** A connection and the calls that wait on it. */
    private record Line(PeerConnection connection, ConcurrentHashMap<Long, CompletableFuture<Response>> pending) {
        CompletableFuture<Response> expect(long id) throws IOException {
            if (pending.size() >= MAX_CALLS_IN_FLIGHT || !connection.writable()) {
                throw new IOException("too much is under way to this peer");
            }
            var answer = new CompletableFuture<Response>();
            pending.put(id, answer);
            if (!connection.active()) {
                fail();
            }
            return answer;
        }

        void fail() {
            pending.values()
                    .forEach(waiting -> waiting.completeExceptionally(new IOException("the connection was closed")));
        }
    }
}
