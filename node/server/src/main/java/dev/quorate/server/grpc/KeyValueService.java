package dev.quorate.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.api.CompareAndSetRequest;
import dev.quorate.api.CompareAndSetResponse;
import dev.quorate.api.DeleteRequest;
import dev.quorate.api.DeleteResponse;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.GetRequest;
import dev.quorate.api.GetResponse;
import dev.quorate.api.IncrementRequest;
import dev.quorate.api.IncrementResponse;
import dev.quorate.api.KeyValueGrpc;
import dev.quorate.api.PutCondition;
import dev.quorate.api.PutRequest;
import dev.quorate.api.PutResponse;
import dev.quorate.api.RouteRequest;
import dev.quorate.api.RouteResponse;
import dev.quorate.api.ScanEntry;
import dev.quorate.api.ScanRequest;
import dev.quorate.api.ScanResponse;
import dev.quorate.client.ErrorTrailer;
import dev.quorate.client.Slots;
import dev.quorate.server.data.KeyValueStore;
import dev.quorate.server.data.KeyValueStore.Item;
import dev.quorate.server.data.KeyValueStore.Page;
import dev.quorate.server.data.RequestException;
import dev.quorate.store.OperationResult;
import dev.quorate.store.Versioned;
import dev.quorate.store.proto.Delete;
import dev.quorate.store.proto.Increment;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.Put;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data API on one member's store. Never blocks. */
public class KeyValueService extends KeyValueGrpc.KeyValueImplBase {
    private static final Logger log = LoggerFactory.getLogger(KeyValueService.class);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    /** An answer must reach its caller before the caller gives up, or it can't tell what became of the call. */
    private static final Duration ANSWER_TIME = Duration.ofMillis(50);

    private static final int SCAN_LIMIT_DEFAULT = 100;
    private static final int SCAN_LIMIT_MAX = 1000;
    /** Below the 4 MiB that gRPC clients take by default. */
    private static final int SCAN_BYTES_MAX = 3 << 20;

    private final KeyValueStore store;

    public KeyValueService(KeyValueStore store) {
        this.store = store;
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> response) {
        answer(response, () -> {
            byte[] key = request.getKey().toByteArray();
            return store.read(shardOf(key), List.of(key), deadlineNanos())
                    .thenApply(values -> found(values.getFirst()));
        });
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> response) {
        answer(response, () -> {
            Put.Builder put = Put.newBuilder()
                    .setValue(request.getValue())
                    .setCondition(condition(request.getCondition()))
                    .setTtlMillis(checkedTtlMillis(request.getTtlMillis()))
                    .setReturnPrevious(request.getReturnPrevious());
            return write(Operation.newBuilder().setKey(request.getKey()).setPut(put), result -> {
                PutResponse.Builder answer =
                        PutResponse.newBuilder().setApplied(result.applied()).setVersion(version(result.current()));
                if (request.getReturnPrevious() && result.previous() != null) {
                    answer.setPrevious(found(result.previous()));
                }
                return answer.build();
            });
        });
    }

    @Override
    public void delete(DeleteRequest request, StreamObserver<DeleteResponse> response) {
        answer(response, () -> {
            Delete.Builder delete = Delete.newBuilder().setIfVersion(request.getIfVersion());
            return write(
                    Operation.newBuilder().setKey(request.getKey()).setDelete(delete),
                    result -> DeleteResponse.newBuilder()
                            .setDeleted(result.applied())
                            .build());
        });
    }

    @Override
    public void compareAndSet(CompareAndSetRequest request, StreamObserver<CompareAndSetResponse> response) {
        answer(response, () -> {
            Put.Builder put = Put.newBuilder()
                    .setValue(request.getValue())
                    .setCondition(Put.Condition.IF_VERSION)
                    .setExpectedVersion(request.getExpectedVersion())
                    .setTtlMillis(checkedTtlMillis(request.getTtlMillis()));
            return write(Operation.newBuilder().setKey(request.getKey()).setPut(put), result -> {
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
        });
    }

    @Override
    public void increment(IncrementRequest request, StreamObserver<IncrementResponse> response) {
        answer(response, () -> {
            Increment.Builder increment = Increment.newBuilder().setDelta(request.getDelta());
            return write(
                    Operation.newBuilder().setKey(request.getKey()).setIncrement(increment),
                    result -> IncrementResponse.newBuilder()
                            .setValue(result.number())
                            .setVersion(version(result.current()))
                            .build());
        });
    }

    @Override
    public void scan(ScanRequest request, StreamObserver<ScanResponse> response) {
        answer(response, () -> {
            int limit = request.getLimit() == 0 ? SCAN_LIMIT_DEFAULT : request.getLimit();
            if (limit < 1 || limit > SCAN_LIMIT_MAX) {
                throw invalid("limit " + limit + " is not in 1.." + SCAN_LIMIT_MAX);
            }
            if (request.getShard() < 0 || request.getShard() >= shardCount()) {
                throw invalid("shard " + request.getShard() + " is not in 0.." + (shardCount() - 1));
            }
            return store.scan(
                            request.getShard(),
                            bytesOrNull(request.getPrefix()),
                            bytesOrNull(request.getAfter()),
                            limit,
                            deadlineNanos())
                    .thenApply(KeyValueService::page);
        });
    }

    @Override
    public void route(RouteRequest request, StreamObserver<RouteResponse> response) {
        answer(response, () -> CompletableFuture.completedFuture(store.route()));
    }

    private <T> CompletableFuture<T> write(Operation.Builder operation, Function<OperationResult, T> toResponse) {
        return store.write(shardOf(operation.getKey().toByteArray()), List.of(operation.build()), deadlineNanos())
                .thenApply(results -> toResponse.apply(results.getFirst()));
    }

    private static <T> void answer(StreamObserver<T> response, Supplier<CompletableFuture<T>> call) {
        CompletableFuture<T> answer;
        try {
            answer = call.get();
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenComplete((result, failure) -> {
            if (failure == null) {
                response.onNext(result);
                response.onCompleted();
            } else {
                response.onError(ErrorTrailer.toStatus(errorOf(failure)));
            }
        });
    }

    private static Error errorOf(Throwable failure) {
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

    private static long deadlineNanos() {
        Deadline deadline = Context.current().getDeadline();
        long leftNanos = deadline == null ? DEFAULT_TIMEOUT.toNanos() : deadline.timeRemaining(TimeUnit.NANOSECONDS);
        return System.nanoTime() + leftNanos - Math.min(leftNanos / 10, ANSWER_TIME.toNanos());
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
