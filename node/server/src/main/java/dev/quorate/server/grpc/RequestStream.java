package dev.quorate.server.grpc;

import dev.quorate.api.DataRequest;
import dev.quorate.api.DataRequests;
import dev.quorate.api.DataResponse;
import dev.quorate.api.DataResponses;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.server.data.Bursts;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One client's stream. Requests start as they come. Answers gather until the stream's thread sends them, all in one message; it runs as soon as it can, so
 * that few wait when there are few, but not before the {@linkplain Bursts burst} ends that they come in. Reads no further requests while too many are not answered, or their answers not taken.
 */
final class RequestStream implements StreamObserver<DataRequests> {
    /** Of requests whose answers have not left. Each counts its own size, and at least so much. */
    private static final long UNANSWERED_BYTES_MAX = 16 << 20;

    private static final int COUNTED_BYTES_MIN = 1 << 10;
    private static final int MESSAGE_BYTES = 1 << 20;

    private record Answer(DataResponse response, int countedBytes) {}

    private final ServerCallStreamObserver<DataResponses> client;
    private final BiConsumer<DataRequest, Consumer<DataResponse>> service;
    private final Consumer<Runnable> together;
    private final Executor thread;
    private final Consumer<RequestStream> onEnd;
    private final AtomicLong unansweredBytes = new AtomicLong();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean sending = new AtomicBoolean();
    private final AtomicBoolean paused = new AtomicBoolean();
    private volatile boolean finishing;
    private volatile boolean ended;

    /**
     * @param service answers each request once
     * @param together runs what starts many requests
     * @param thread where answers leave from, one task at a time
     * @param onEnd told when the stream has ended
     */
    RequestStream(
            ServerCallStreamObserver<DataResponses> client,
            BiConsumer<DataRequest, Consumer<DataResponse>> service,
            Consumer<Runnable> together,
            Executor thread,
            Consumer<RequestStream> onEnd) {
        this.client = client;
        this.service = service;
        this.together = together;
        this.thread = thread;
        this.onEnd = onEnd;
        client.disableAutoRequest();
        client.setOnReadyHandler(this::wake);
        client.setOnCancelHandler(this::end);
        client.request(1);
    }

    @Override
    public void onNext(DataRequests message) {
        together.accept(() -> message.getRequestsList().forEach(this::begin));
        if (hasRoom()) {
            client.request(1);
        } else {
            paused.set(true);
            readOn();
        }
    }

    private void begin(DataRequest request) {
        int countedBytes = Math.max(COUNTED_BYTES_MIN, request.getSerializedSize());
        unansweredBytes.addAndGet(countedBytes);
        if (finishing) {
            answer(refusal(request), countedBytes);
        } else {
            service.accept(request, response -> answer(response, countedBytes));
        }
    }

    private static DataResponse refusal(DataRequest request) {
        return DataResponse.newBuilder()
                .setId(request.getId())
                .setError(Error.newBuilder()
                        .setCode(Error.Code.NOT_READY)
                        .setEffect(Effect.NOT_APPLIED)
                        .setMessage("this node is stopping: ask another one"))
                .build();
    }

    private boolean hasRoom() {
        return unansweredBytes.get() < UNANSWERED_BYTES_MAX;
    }

    private void readOn() {
        if (hasRoom() && paused.compareAndSet(true, false)) {
            client.request(1);
        }
    }

    private void answer(DataResponse response, int countedBytes) {
        answers.add(new Answer(response, countedBytes));
        wake();
    }

    private void wake() {
        if (sending.compareAndSet(false, true)) {
            Bursts.atEnd(() -> thread.execute(this::send));
        }
    }

    private void send() {
        sending.set(false);
        while (!ended && client.isReady() && !answers.isEmpty()) {
            client.onNext(nextMessage());
        }
        readOn();
        if (finishing && !ended && unansweredBytes.get() == 0) {
            client.onCompleted();
            end();
        }
    }

    private DataResponses nextMessage() {
        DataResponses.Builder message = DataResponses.newBuilder();
        int bytes = 0;
        for (Answer next = answers.peek(); next != null; next = answers.peek()) {
            bytes += next.response().getSerializedSize();
            if (bytes > MESSAGE_BYTES && message.getResponsesCount() > 0) {
                break;
            }
            answers.remove();
            unansweredBytes.addAndGet(-next.countedBytes());
            message.addResponses(next.response());
        }
        return message.build();
    }

    /** Takes no more requests, and ends once those it took are answered. */
    void finish() {
        finishing = true;
        wake();
    }

    private void end() {
        ended = true;
        answers.clear();
        onEnd.accept(this);
    }

    /** The client is done; it still wants its answers. */
    @Override
    public void onCompleted() {
        finish();
    }

    @Override
    public void onError(Throwable failure) {
        end();
    }
}
