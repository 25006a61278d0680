package dev.quorate.server;

import com.google.protobuf.ByteString;
import dev.quorate.api.Effect;
import dev.quorate.server.data.KeyValueStore;
import dev.quorate.server.data.RequestException;
import dev.quorate.store.OperationResult;
import dev.quorate.store.Versioned;
import dev.quorate.store.proto.Increment;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

/** A client that knows all nodes and follows their redirects, as Redis Cluster clients do; it never retries what may have taken effect. */
final class TestClient {
    private final Supplier<List<Node>> nodes;
    private final Duration timeout;
    private Node next;
    private int mostRedirects;

    TestClient(Supplier<List<Node>> nodes, Duration timeout) {
        this.nodes = nodes;
        this.timeout = timeout;
    }

    OperationResult put(int shard, String key, String value) {
        Operation put = Operation.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setPut(Put.newBuilder().setValue(ByteString.copyFromUtf8(value)))
                .build();
        return write(shard, put);
    }

    void putUntil(int shard, String key, String value, long deadlineMillis) {
        write(
                shard,
                Operation.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setPut(Put.newBuilder()
                                .setValue(ByteString.copyFromUtf8(value))
                                .setDeadlineMillis(deadlineMillis))
                        .build());
    }

    long increment(int shard, String key) {
        return write(
                        shard,
                        Operation.newBuilder()
                                .setKey(ByteString.copyFromUtf8(key))
                                .setIncrement(Increment.newBuilder().setDelta(1))
                                .build())
                .number();
    }

    OperationResult write(int shard, Operation operation) {
        return ask(store -> store.write(shard, List.of(operation), deadline())).getFirst();
    }

    /** Null when absent. */
    String get(int shard, String key) {
        Versioned found = versioned(shard, key);
        return found == null ? null : new String(found.value(), StandardCharsets.UTF_8);
    }

    /** Null when absent. */
    Versioned versioned(int shard, String key) {
        return ask(store -> store.read(shard, List.of(key.getBytes(StandardCharsets.UTF_8)), deadline()))
                .getFirst();
    }

    /** Most redirects that one request took. */
    int mostRedirects() {
        return mostRedirects;
    }

    private long deadline() {
        return System.nanoTime() + timeout.toNanos();
    }

    private <T> T ask(Function<KeyValueStore, CompletableFuture<T>> request) {
        long deadlineNanos = deadline();
        for (int redirects = 0; ; redirects++) {
            List<Node> live = nodes.get();
            Node node = live.contains(next) ? next : live.get(redirects % live.size());
            try {
                T answer = request.apply(node.data()).join();
                next = node;
                return answer;
            } catch (CompletionException e) {
                RequestException failure = (RequestException) e.getCause();
                if (!mayTryElsewhere(failure) || System.nanoTime() > deadlineNanos) {
                    throw failure;
                }
                follow(live, failure.error().getLeader().getId());
                mostRedirects = Math.max(mostRedirects, redirects + 1);
            }
        }
    }

    private static boolean mayTryElsewhere(RequestException e) {
        return e.error().getEffect() == Effect.NOT_APPLIED
                && switch (e.error().getCode()) {
                    case NOT_LEADER, WRONG_GROUP, NOT_READY -> true;
                    default -> false;
                };
    }

    /** To a node that is down no one can connect: its peers will notice soon. */
    private void follow(List<Node> live, String leaderId) {
        next = live.stream()
                .filter(node -> node.member().getId().equals(leaderId))
                .findFirst()
                .orElse(null);
        if (next == null) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
