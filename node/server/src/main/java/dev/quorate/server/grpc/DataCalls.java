package dev.quorate.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.api.CloseSnapshotRequest;
import dev.quorate.api.CloseSnapshotResponse;
import dev.quorate.api.CompareAndSetRequest;
import dev.quorate.api.CompareAndSetResponse;
import dev.quorate.api.DataRequest;
import dev.quorate.api.DataResponse;
import dev.quorate.api.DeleteRequest;
import dev.quorate.api.DeleteResponse;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.GetRequest;
import dev.quorate.api.GetResponse;
import dev.quorate.api.IncrementRequest;
import dev.quorate.api.IncrementResponse;
import dev.quorate.api.OpenSessionRequest;
import dev.quorate.api.OpenSessionResponse;
import dev.quorate.api.OpenSnapshotRequest;
import dev.quorate.api.OpenSnapshotResponse;
import dev.quorate.api.PutCondition;
import dev.quorate.api.PutRequest;
import dev.quorate.api.PutResponse;
import dev.quorate.api.ScanEntry;
import dev.quorate.api.ScanRequest;
import dev.quorate.api.ScanResponse;
import dev.quorate.api.SessionCall;
import dev.quorate.client.Slots;
import dev.quorate.server.data.KeyValueStore;
import dev.quorate.server.data.KeyValueStore.Item;
import dev.quorate.server.data.KeyValueStore.Page;
import dev.quorate.server.data.ReadFrom;
import dev.quorate.server.data.RequestException;
import dev.quorate.store.OperationResult;
import dev.quorate.store.Versioned;
import dev.quorate.store.proto.Delete;
import dev.quorate.store.proto.Increment;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data API's requests on one member's store: from message to operation, from result to message. Never blocks. */
final class DataCalls {
    private static final Logger log = LoggerFactory.getLogger(DataCalls.class);
    private static final long DEFAULT_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** An answer must reach its caller before the caller gives up, or it can't tell what became of the call. */
    private static final long ANSWER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final int SCAN_LIMIT_DEFAULT = 100;
    private static final int SCAN_LIMIT_MAX = 1000;
    /** Below the 4 MiB that gRPC clients take by default. */
    private static final int SCAN_BYTES_MAX = 3 << 20;

    private final KeyValueStore store;

    DataCalls(KeyValueStore store) {
        this.store = store;
    }

    /** When the store must have answered a caller that waits so long, or (0) does not say. */
    static long deadlineNanos(long timeoutNanos) {
        long leftNanos = timeoutNanos == 0 ? DEFAULT_TIMEOUT_NANOS : timeoutNanos;
        return System.nanoTime() + leftNanos - Math.min(leftNanos / 10, ANSWER_NANOS);
    }

    /** Answers a request of a stream; a failure is an answer too. */
    void call(DataRequest request, Consumer<DataResponse> answer) {
        long deadlineNanos = deadlineNanos(TimeUnit.MILLISECONDS.toNanos(request.getTimeoutMillis()));
        DataResponse.Builder to = DataResponse.newBuilder().setId(request.getId());
        try {
            switch (request.getRequestCase()) {
                case GET -> answer(get(request.getGet(), deadlineNanos), to, to::setGet, answer);
                case PUT -> answer(put(request.getPut(), deadlineNanos), to, to::setPut, answer);
                case DELETE -> answer(delete(request.getDelete(), deadlineNanos), to, to::setDelete, answer);
                case COMPARE_AND_SET ->
                    answer(compareAndSet(request.getCompareAndSet(), deadlineNanos), to, to::setCompareAndSet, answer);
                case INCREMENT ->
                    answer(increment(request.getIncrement(), deadlineNanos), to, to::setIncrement, answer);
                case SCAN -> answer(scan(request.getScan(), deadlineNanos), to, to::setScan, answer);
                case OPEN_SESSION ->
                    answer(openSession(request.getOpenSession(), deadlineNanos), to, to::setOpenSession, answer);
                case OPEN_SNAPSHOT ->
                    answer(openSnapshot(request.getOpenSnapshot(), deadlineNanos), to, to::setOpenSnapshot, answer);
                case CLOSE_SNAPSHOT ->
                    answer(closeSnapshot(request.getCloseSnapshot()), to, to::setCloseSnapshot, answer);
                case REQUEST_NOT_SET -> throw invalid("this node does not know that request");
            }
        } catch (RuntimeException e) {
            answer.accept(to.setError(errorOf(e)).build());
        }
    }

    private static <T> void answer(
            CompletableFuture<T> call, DataResponse.Builder response, Consumer<T> set, Consumer<DataResponse> answer) {
        call.whenComplete((result, failure) -> {
            if (failure == null) {
                set.accept(result);
            } else {
                response.setError(errorOf(failure));
            }
            answer.accept(response.build());
        });
    }

    CompletableFuture<GetResponse> get(GetRequest request, long deadlineNanos) {
        byte[] key = request.getKey().toByteArray();
        return store.read(
                        shardOf(key),
                        List.of(key),
                        readFrom(request.getAnyMember(), request.getMaxStalenessMillis()),
                        deadlineNanos)
                .thenApply(values -> found(values.getFirst()));
    }

    CompletableFuture<PutResponse> put(PutRequest request, long deadlineNanos) {
        Put.Builder put = Put.newBuilder()
                .setValue(request.getValue())
                .setCondition(condition(request.getCondition()))
                .setTtlMillis(checkedTtlMillis(request.getTtlMillis()))
                .setReturnPrevious(request.getReturnPrevious());
        SessionCall session = request.hasSession() ? request.getSession() : null;
        return write(Operation.newBuilder().setKey(request.getKey()).setPut(put), session, deadlineNanos, result -> {
            PutResponse.Builder answer =
                    PutResponse.newBuilder().setApplied(result.applied()).setVersion(version(result.current()));
            if (request.getReturnPrevious() && result.previous() != null) {
                answer.setPrevious(found(result.previous()));
            }
            return answer.build();
        });
    }

    CompletableFuture<DeleteResponse> delete(DeleteRequest request, long deadlineNanos) {
        Delete.Builder delete = Delete.newBuilder().setIfVersion(request.getIfVersion());
        return write(
                Operation.newBuilder().setKey(request.getKey()).setDelete(delete),
                request.hasSession() ? request.getSession() : null,
                deadlineNanos,
                result ->
                        DeleteResponse.newBuilder().setDeleted(result.applied()).build());
    }

    CompletableFuture<CompareAndSetResponse> compareAndSet(CompareAndSetRequest request, long deadlineNanos) {
        Put.Builder put = Put.newBuilder()
                .setValue(request.getValue())
                .setCondition(Put.Condition.IF_VERSION)
                .setExpectedVersion(request.getExpectedVersion())
                .setTtlMillis(checkedTtlMillis(request.getTtlMillis()));
        SessionCall session = request.hasSession() ? request.getSession() : null;
        return write(Operation.newBuilder().setKey(request.getKey()).setPut(put), session, deadlineNanos, result -> {
            GetResponse current = result.applied()
                    ? GetResponse.newBuilder()
                            .setFound(true)
                            .setValue(request.getValue())
                            .setVersion(version(result.current()))
                            .setDeadlineMillis(result.current().deadlineMillis())
                            .build()
                    : found(result.current());
            return CompareAndSetResponse.newBuilder()
                    .setApplied(result.applied())
                    .setCurrent(current)
                    .build();
        });
    }

    CompletableFuture<IncrementResponse> increment(IncrementRequest request, long deadlineNanos) {
        Increment.Builder increment = Increment.newBuilder().setDelta(request.getDelta());
        return write(
                Operation.newBuilder().setKey(request.getKey()).setIncrement(increment),
                request.hasSession() ? request.getSession() : null,
                deadlineNanos,
                result -> IncrementResponse.newBuilder()
                        .setValue(result.number())
                        .setVersion(version(result.current()))
                        .build());
    }

    CompletableFuture<OpenSessionResponse> openSession(OpenSessionRequest request, long deadlineNanos) {
        return store.openSession(checkedShard(request.getShard()), request.getClientId(), deadlineNanos)
                .thenApply(incarnation -> OpenSessionResponse.newBuilder()
                        .setIncarnation(incarnation)
                        .build());
    }

    private int checkedShard(int shard) {
        if (shard < 0 || shard >= shardCount()) {
            throw invalid("shard " + shard + " is not in 0.." + (shardCount() - 1));
        }
        return shard;
    }

    CompletableFuture<ScanResponse> scan(ScanRequest request, long deadlineNanos) {
        int limit = request.getLimit() == 0 ? SCAN_LIMIT_DEFAULT : request.getLimit();
        if (limit < 1 || limit > SCAN_LIMIT_MAX) {
            throw invalid("limit " + limit + " is not in 1.." + SCAN_LIMIT_MAX);
        }
        int shard = checkedShard(request.getShard());
        byte[] prefix = bytesOrNull(request.getPrefix());
        byte[] after = bytesOrNull(request.getAfter());
        CompletableFuture<Page> page = request.getSnapshot() == 0
                ? store.scan(shard, prefix, after, limit, deadlineNanos)
                : store.scanSnapshot(request.getSnapshot(), shard, prefix, after, limit);
        return page.thenApply(DataCalls::page);
    }

    CompletableFuture<OpenSnapshotResponse> openSnapshot(OpenSnapshotRequest request, long deadlineNanos) {
        return store.openSnapshot(
                        checkedShard(request.getShard()),
                        readFrom(request.getAnyMember(), request.getMaxStalenessMillis()),
                        deadlineNanos)
                .thenApply(snapshot ->
                        OpenSnapshotResponse.newBuilder().setSnapshot(snapshot).build());
    }

    CompletableFuture<CloseSnapshotResponse> closeSnapshot(CloseSnapshotRequest request) {
        store.closeSnapshot(request.getSnapshot());
        return CompletableFuture.completedFuture(CloseSnapshotResponse.getDefaultInstance());
    }

    private <T> CompletableFuture<T> write(
            Operation.Builder operation,
            SessionCall session,
            long deadlineNanos,
            Function<OperationResult, T> toResponse) {
        int shard = shardOf(operation.getKey().toByteArray());
        return store.write(shard, List.of(operation.build()), session, deadlineNanos)
                .thenApply(results -> toResponse.apply(results.getFirst()));
    }

    static Error errorOf(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RequestException e) {
            return e.error();
        }
        log.error("event=call_failed", cause);
        return Error.newBuilder()
                .setCode(Error.Code.INTERNAL)
                .setEffect(Effect.UNKNOWN)
                .setMessage("a fault in the node, which its log tells of: " + cause)
                .build();
    }

    private int shardOf(byte[] key) {
        return Slots.shardOf(key, shardCount());
    }

    private int shardCount() {
        int shardCount = store.shardCount();
        if (shardCount == 0) {
            throw RequestException.of(
                    Error.Code.NOT_READY,
                    Effect.NOT_APPLIED,
                    "this node knows no shard map yet: it waits to be made a member of a group");
        }
        return shardCount;
    }

    private static ReadFrom readFrom(boolean anyMember, long maxStaleMillis) {
        if (maxStaleMillis < 0) {
            throw invalid("a staleness of " + maxStaleMillis + " ms is negative");
        }
        if (!anyMember) {
            return ReadFrom.LEADER;
        }
        return new ReadFrom(true, TimeUnit.MILLISECONDS.toNanos(maxStaleMillis));
    }

    private static long checkedTtlMillis(long ttlMillis) {
        if (ttlMillis < 0) {
            throw invalid("a time to live of " + ttlMillis + " ms is negative");
        }
        if (ttlMillis > Long.MAX_VALUE - System.currentTimeMillis()) {
            throw invalid("a time to live of " + ttlMillis + " ms is too long");
        }
        return ttlMillis;
    }

    private static RequestException invalid(String message) {
        return RequestException.of(Error.Code.INVALID, Effect.NOT_APPLIED, message);
    }

    private static Put.Condition condition(PutCondition condition) {
        return switch (condition) {
            case ALWAYS -> Put.Condition.ALWAYS;
            case IF_ABSENT -> Put.Condition.IF_ABSENT;
            case IF_PRESENT -> Put.Condition.IF_PRESENT;
            case UNRECOGNIZED -> throw invalid("this node does not know that condition");
        };
    }

    private static GetResponse found(Versioned value) {
        if (value == null) {
            return GetResponse.getDefaultInstance();
        }
        return GetResponse.newBuilder()
                .setFound(true)
                .setValue(UnsafeByteOperations.unsafeWrap(value.value()))
                .setVersion(value.version())
                .setDeadlineMillis(value.deadlineMillis())
                .build();
    }

    private static long version(Versioned value) {
        return value == null ? 0 : value.version();
    }

    private static byte[] bytesOrNull(ByteString bytes) {
        return bytes.isEmpty() ? null : bytes.toByteArray();
    }

    /** As many of the page's items as fit a message, at least one. */
    private static ScanResponse page(Page page) {
        ScanResponse.Builder response = ScanResponse.newBuilder();
        int sizeBytes = 0;
        for (Item item : page.items()) {
            sizeBytes += item.key().length + item.value().value().length;
            if (sizeBytes > SCAN_BYTES_MAX && response.getEntriesCount() > 0) {
                return response.setMore(true).build();
            }
            response.addEntries(ScanEntry.newBuilder()
                    .setKey(UnsafeByteOperations.unsafeWrap(item.key()))
                    .setValue(UnsafeByteOperations.unsafeWrap(item.value().value()))
                    .setVersion(item.value().version()));
        }
        return response.setMore(page.more()).build();
    }
}
