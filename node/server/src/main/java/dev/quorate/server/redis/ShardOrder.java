package dev.quorate.server.redis;

import com.google.protobuf.MessageLite;
import dev.quorate.api.Error;
import dev.quorate.server.data.KeyValueStore;
import dev.quorate.server.data.ReadFrom;
import dev.quorate.server.data.RequestException;
import dev.quorate.store.OperationResult;
import dev.quorate.store.Versioned;
import dev.quorate.store.proto.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Has a store do one client's requests so that those on the same shard take effect in the client's order, and does as much as possible at once.
 * Shards don't wait for each other. Reads run beside reads. Writes that queue up behind a request on their shard go to the store together, as one.
 * Confined to the connection's event loop.
 */
final class ShardOrder {
    private static final int BATCH_OPERATIONS_MAX = 256;
    private static final int BATCH_BYTES_MAX = 256 << 10;

    /** Told on the event loop what became of a request: one of the two is null. */
    interface Outcome<T> {
        void done(T result, Throwable failure);
    }

    private sealed interface Request {}

    private record Read(List<byte[]> keys, ReadFrom from, long deadlineNanos, Outcome<List<Versioned>> outcome)
            implements Request {}

    /** @param alone not to be put together with others */
    private record Write(
            List<Operation> operations, long deadlineNanos, Outcome<List<OperationResult>> outcome, boolean alone)
            implements Request {
        int sizeBytes() {
            return operations.stream().mapToInt(MessageLite::getSerializedSize).sum();
        }
    }

    private static final class Lane {
        private final int shard;
        private final Deque<Request> waiting = new ArrayDeque<>();
        private int reading;
        private boolean writing;

        private Lane(int shard) {
            this.shard = shard;
        }

        private boolean isIdle() {
            return waiting.isEmpty() && reading == 0 && !writing;
        }
    }

    private final KeyValueStore store;
    private final Executor eventLoop;
    private final Map<Integer, Lane> lanes = new HashMap<>();

    ShardOrder(KeyValueStore store, Executor eventLoop) {
        this.store = store;
        this.eventLoop = eventLoop;
    }

    void read(int shard, List<byte[]> keys, ReadFrom from, long deadlineNanos, Outcome<List<Versioned>> outcome) {
        submit(shard, new Read(keys, from, deadlineNanos, outcome));
    }

    void write(int shard, List<Operation> operations, long deadlineNanos, Outcome<List<OperationResult>> outcome) {
        submit(shard, new Write(operations, deadlineNanos, outcome, false));
    }

    /** Forgets what has not started. */
    void clear() {
        lanes.values().forEach(lane -> lane.waiting.clear());
    }

    private void submit(int shard, Request request) {
        Lane lane = lanes.computeIfAbsent(shard, Lane::new);
        lane.waiting.add(request);
        startWhatMay(lane);
    }

    private void startWhatMay(Lane lane) {
        while (!lane.waiting.isEmpty() && !lane.writing) {
            switch (lane.waiting.element()) {
                case Read read -> {
                    lane.waiting.remove();
                    start(lane, read);
                }
                case Write _ -> {
                    if (lane.reading > 0) {
                        return;
                    }
                    start(lane, takeBatch(lane.waiting));
                }
            }
        }
        if (lane.isIdle()) {
            lanes.remove(lane.shard);
        }
    }

    private void start(Lane lane, Read read) {
        lane.reading++;
        attempt(() -> store.read(lane.shard, read.keys(), read.from(), read.deadlineNanos()))
                .whenCompleteAsync(
                        (values, failure) -> {
                            lane.reading--;
                            read.outcome().done(values, failure);
                            startWhatMay(lane);
                        },
                        eventLoop);
    }

    private void start(Lane lane, List<Write> batch) {
        lane.writing = true;
        List<Operation> operations =
                batch.stream().flatMap(write -> write.operations().stream()).toList();
        // They were asked for one after the other, with the same time each.
        long deadlineNanos = batch.getFirst().deadlineNanos();
        attempt(() -> store.write(lane.shard, operations, deadlineNanos))
                .whenCompleteAsync(
                        (results, failure) -> {
                            lane.writing = false;
                            finish(lane, batch, results, failure);
                            startWhatMay(lane);
                        },
                        eventLoop);
    }

    private static void finish(Lane lane, List<Write> batch, List<OperationResult> results, Throwable failure) {
        if (failure != null && batch.size() > 1 && isInvalid(failure)) {
            // One of them can't be done, and so none was: each for itself now.
            for (Write write : batch.reversed()) {
                lane.waiting.addFirst(new Write(write.operations(), write.deadlineNanos(), write.outcome(), true));
            }
            return;
        }
        int at = 0;
        for (Write write : batch) {
            int next = at + write.operations().size();
            write.outcome().done(failure == null ? results.subList(at, next) : null, failure);
            at = next;
        }
    }

    /** The writes at the head of the queue, as far as they go together. */
    private static List<Write> takeBatch(Deque<Request> waiting) {
        List<Write> batch = new ArrayList<>();
        int operations = 0;
        int sizeBytes = 0;
        while (waiting.peek() instanceof Write write) {
            operations += write.operations().size();
            sizeBytes += write.sizeBytes();
            boolean fits = operations <= BATCH_OPERATIONS_MAX && sizeBytes <= BATCH_BYTES_MAX && !write.alone();
            if (!batch.isEmpty() && (!fits || batch.getFirst().alone())) {
                break;
            }
            waiting.remove();
            batch.add(write);
        }
        return batch;
    }

    private static boolean isInvalid(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RequestException e && e.error().getCode() == Error.Code.INVALID;
    }

    private static <T> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
