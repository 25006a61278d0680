package dev.quorate.server.grpc;

import dev.quorate.api.CloseSnapshotRequest;
import dev.quorate.api.CloseSnapshotResponse;
import dev.quorate.api.CompareAndSetRequest;
import dev.quorate.api.CompareAndSetResponse;
import dev.quorate.api.DataRequests;
import dev.quorate.api.DataResponses;
import dev.quorate.api.DeleteRequest;
import dev.quorate.api.DeleteResponse;
import dev.quorate.api.GetRequest;
import dev.quorate.api.GetResponse;
import dev.quorate.api.IncrementRequest;
import dev.quorate.api.IncrementResponse;
import dev.quorate.api.KeyValueGrpc;
import dev.quorate.api.OpenSessionRequest;
import dev.quorate.api.OpenSessionResponse;
import dev.quorate.api.OpenSnapshotRequest;
import dev.quorate.api.OpenSnapshotResponse;
import dev.quorate.api.PutRequest;
import dev.quorate.api.PutResponse;
import dev.quorate.api.RouteRequest;
import dev.quorate.api.RouteResponse;
import dev.quorate.api.ScanRequest;
import dev.quorate.api.ScanResponse;
import dev.quorate.client.ErrorTrailer;
import dev.quorate.server.data.KeyValueStore;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** The data API on one member's store: single calls and streams of them. Never blocks. */
final class KeyValueService extends KeyValueGrpc.KeyValueImplBase {
    private final KeyValueStore store;
    private final DataCalls calls;
    private final Supplier<Executor> threads;
    private final Set<RequestStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean finishing;

    /** @param threads gives each stream the one thread that its answers leave from: best its connection's, which asks for it */
    KeyValueService(KeyValueStore store, Supplier<Executor> threads) {
        this.store = store;
        this.calls = new DataCalls(store);
        this.threads = threads;
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> response) {
        answer(response, deadlineNanos -> calls.get(request, deadlineNanos));
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> response) {
        answer(response, deadlineNanos -> calls.put(request, deadlineNanos));
    }

    @Override
    public void delete(DeleteRequest request, StreamObserver<DeleteResponse> response) {
        answer(response, deadlineNanos -> calls.delete(request, deadlineNanos));
    }

    @Override
    public void compareAndSet(CompareAndSetRequest request, StreamObserver<CompareAndSetResponse> response) {
        answer(response, deadlineNanos -> calls.compareAndSet(request, deadlineNanos));
    }

    @Override
    public void increment(IncrementRequest request, StreamObserver<IncrementResponse> response) {
        answer(response, deadlineNanos -> calls.increment(request, deadlineNanos));
    }

    @Override
    public void scan(ScanRequest request, StreamObserver<ScanResponse> response) {
        answer(response, deadlineNanos -> calls.scan(request, deadlineNanos));
    }

    @Override
    public void openSnapshot(OpenSnapshotRequest request, StreamObserver<OpenSnapshotResponse> response) {
        answer(response, deadlineNanos -> calls.openSnapshot(request, deadlineNanos));
    }

    @Override
    public void closeSnapshot(CloseSnapshotRequest request, StreamObserver<CloseSnapshotResponse> response) {
        answer(response, _ -> calls.closeSnapshot(request));
    }

    @Override
    public void openSession(OpenSessionRequest request, StreamObserver<OpenSessionResponse> response) {
        answer(response, deadlineNanos -> calls.openSession(request, deadlineNanos));
    }

    @Override
    public void route(RouteRequest request, StreamObserver<RouteResponse> response) {
        answer(response, _ -> CompletableFuture.completedFuture(store.route()));
    }

    @Override
    public StreamObserver<DataRequests> stream(StreamObserver<DataResponses> responses) {
        RequestStream stream = new RequestStream(
                (ServerCallStreamObserver<DataResponses>) responses,
                calls::call,
                store::together,
                threads.get(),
                streams::remove);
        streams.add(stream);
        if (finishing) {
            stream.finish();
        }
        return stream;
    }

    /** Lets the streams end once they have answered what they took. */
    void finish() {
        finishing = true;
        streams.forEach(RequestStream::finish);
    }

    private static <T> void answer(StreamObserver<T> response, LongFunction<CompletableFuture<T>> call) {
        CompletableFuture<T> answer;
        try {
            Deadline deadline = Context.current().getDeadline();
            long timeoutNanos = deadline == null ? 0 : Math.max(1, deadline.timeRemaining(TimeUnit.NANOSECONDS));
            answer = call.apply(DataCalls.deadlineNanos(timeoutNanos));
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenComplete((result, failure) -> {
            if (failure == null) {
                response.onNext(result);
                response.onCompleted();
            } else {
                response.onError(ErrorTrailer.toStatus(DataCalls.errorOf(failure)));
            }
        });
    }
}
