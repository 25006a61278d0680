package dev.quorate.server;

import com.google.protobuf.ByteString;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.RouteResponse;
import dev.quorate.api.SessionCall;
import dev.quorate.server.data.KeyValueStore;
import dev.quorate.server.data.ReadFrom;
import dev.quorate.server.data.RequestException;
import dev.quorate.store.OperationResult;
import dev.quorate.store.Versioned;
import dev.quorate.store.proto.Operation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** A node's data, also while there is none: then everything fails as not ready. */
final class NodeData implements KeyValueStore {
    private final Supplier<KeyValueStore> current;

    /** @param current null while the node's group is not bootstrapped */
    NodeData(Supplier<KeyValueStore> current) {
        this.current = current;
    }

    static RequestException notReady() {
        return RequestException.of(
                Error.Code.NOT_READY, Effect.NOT_APPLIED, "this node is not part of a group yet: bootstrap its group");
    }

    private <T> CompletableFuture<T> ask(Function<KeyValueStore, CompletableFuture<T>> request) {
        KeyValueStore store = current.get();
        return store == null ? CompletableFuture.failedFuture(notReady()) : request.apply(store);
    }

    @Override
    public int shardCount() {
        KeyValueStore store = current.get();
        return store == null ? 0 : store.shardCount();
    }

    @Override
    public void together(Runnable requests) {
        KeyValueStore store = current.get();
        if (store == null) {
            requests.run();
        } else {
            store.together(requests);
        }
    }

    @Override
    public CompletableFuture<List<Versioned>> read(int shard, List<byte[]> keys, ReadFrom from, long deadlineNanos) {
        return ask(store -> store.read(shard, keys, from, deadlineNanos));
    }

    @Override
    public CompletableFuture<List<OperationResult>> write(
            int shard, List<Operation> operations, SessionCall session, long deadlineNanos) {
        return ask(store -> store.write(shard, operations, session, deadlineNanos));
    }

    @Override
    public CompletableFuture<Long> openSession(int shard, ByteString clientId, long deadlineNanos) {
        return ask(store -> store.openSession(shard, clientId, deadlineNanos));
    }

    @Override
    public CompletableFuture<Page> scan(int shard, byte[] prefix, byte[] after, int limit, long deadlineNanos) {
        return ask(store -> store.scan(shard, prefix, after, limit, deadlineNanos));
    }

    @Override
    public CompletableFuture<Long> openSnapshot(int shard, ReadFrom from, long deadlineNanos) {
        return ask(store -> store.openSnapshot(shard, from, deadlineNanos));
    }

    @Override
    public CompletableFuture<Page> scanSnapshot(long snapshot, int shard, byte[] prefix, byte[] after, int limit) {
        return ask(store -> store.scanSnapshot(snapshot, shard, prefix, after, limit));
    }

    @Override
    public void closeSnapshot(long snapshot) {
        KeyValueStore store = current.get();
        if (store != null) {
            store.closeSnapshot(snapshot);
        }
    }

    @Override
    public RouteResponse route() {
        KeyValueStore store = current.get();
        return store == null ? RouteResponse.getDefaultInstance() : store.route();
    }
}
