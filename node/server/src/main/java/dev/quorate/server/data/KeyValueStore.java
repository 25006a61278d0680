package dev.quorate.server.data;

import com.google.protobuf.ByteString;
import dev.quorate.api.RouteResponse;
import dev.quorate.api.SessionCall;
import dev.quorate.store.OperationResult;
import dev.quorate.store.Versioned;
import dev.quorate.store.proto.Operation;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One member's data, as its ports (Redis, gRPC) use it. Requests wait through elections, freezes and hand-overs up to their deadline; every
 * failure is a {@link RequestException}. Futures complete on the node's own threads: continuations must not block.
 * Requests that are under way at once take effect in any order.
 */
public interface KeyValueStore {
    /** Number of shards of the map, or 0 before there is one. */
    int shardCount();

    /** Runs what makes many requests: they may share what each would need for itself otherwise. */
    default void together(Runnable requests) {
        requests.run();
    }

    /** The keys' values, linearizably, in order; null where absent or expired. All keys are of one shard. */
    default CompletableFuture<List<Versioned>> read(int shard, List<byte[]> keys, long deadlineNanos) {
        return read(shard, keys, ReadFrom.LEADER, deadlineNanos);
    }

    /** The same, as fresh as is asked for. */
    CompletableFuture<List<Versioned>> read(int shard, List<byte[]> keys, ReadFrom from, long deadlineNanos);

    /** Applies the operations together, all or none. All keys are of one shard. */
    default CompletableFuture<List<OperationResult>> write(int shard, List<Operation> operations, long deadlineNanos) {
        return write(shard, operations, null, deadlineNanos);
    }

    /**
     * The same, once, however often it is called with the same session and sequence; the result is that of the one time.
     *
     * @param session null for a write that takes effect as often as it is called
     */
    CompletableFuture<List<OperationResult>> write(
            int shard, List<Operation> operations, SessionCall session, long deadlineNanos);

    /** The incarnation of the client's session of a shard, which is opened when there is none. */
    CompletableFuture<Long> openSession(int shard, ByteString clientId, long deadlineNanos);

    /** A page of the shard in key order, linearizably. {@code after} is exclusive and may be null, so may {@code prefix}. */
    CompletableFuture<Page> scan(int shard, byte[] prefix, byte[] after, int limit, long deadlineNanos);

    /** Keeps the shard as it is now, for {@link #scanSnapshot}, until it is closed or nobody has used it for a while. */
    CompletableFuture<Long> openSnapshot(int shard, ReadFrom from, long deadlineNanos);

    /** As {@link #scan}, of a shard as it was when the snapshot was opened. */
    CompletableFuture<Page> scanSnapshot(long snapshot, int shard, byte[] prefix, byte[] after, int limit);

    void closeSnapshot(long snapshot);

    /** The shard map and the groups' leaders as this node knows them. Never blocks. */
    RouteResponse route();

    /** One page of a scan. */
    record Page(List<Item> items, boolean more) {}

    /** A key and what it holds. */
    record Item(byte[] key, Versioned value) {}
}
