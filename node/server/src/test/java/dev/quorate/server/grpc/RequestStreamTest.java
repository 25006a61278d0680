package dev.quorate.server.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.quorate.api.DataRequest;
import dev.quorate.api.DataRequests;
import dev.quorate.api.DataResponses;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.KeyValueGrpc;
import dev.quorate.api.Member;
import dev.quorate.api.PutRequest;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.client.QuorateException;
import dev.quorate.server.data.FakeStore;
import dev.quorate.server.transport.Sockets;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The stream between the Java client and a node whose store answers reads at once and writes when the test says so. */
@Timeout(60)
class RequestStreamTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);
    private static final byte[] VALUE = "value".getBytes(UTF_8);
    private static final Duration LONG = Duration.ofSeconds(40);

    /** Requests of half a mebibyte: 16 MiB of them, and one that was on its way. */
    private static final int UNANSWERED_MAX = 33;

    private final FakeStore.Data data = new FakeStore.Data();
    private final BlockingQueue<Runnable> writes = new LinkedBlockingQueue<>();
    private final Sockets sockets = Sockets.open("test");
    private FakeStore store;
    private DataPort port;

    @BeforeEach
    void start() throws IOException {
        store = new FakeStore(data, Runnable::run, writes::add);
        port = DataPort.start(store, sockets, "127.0.0.1", 0);
        Member member = FakeStore.member("m", 1, port.port());
        store.become("m", FakeStore.route(16, List.of(List.of(member))));
    }

    @AfterEach
    void stop() {
        port.close();
        sockets.close();
    }

    private KvClient client(Duration timeout) {
        return KvClient.withoutSessions(List.of(new Endpoint("127.0.0.1", port.port())), timeout);
    }

    private static <T> FutureTask<T> started(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofVirtual().start(task);
        return task;
    }

    private void finishWrite() throws InterruptedException {
        writes.take().run();
    }

    private static void assertUnknown(Callable<?> call, Error.Code code) {
        QuorateException failure = catchThrowableOfType(QuorateException.class, call::call);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
    }

    private static Callable<?> outcomeOf(FutureTask<?> task) {
        return () -> {
            try {
                return task.get();
            } catch (ExecutionException e) {
                throw (Exception) e.getCause();
            }
        };
    }

    @Test
    void aLaterRequestIsAnsweredBeforeAnEarlierOne() throws Exception {
        try (KvClient client = client(LONG)) {
            FutureTask<Long> write = started(() -> client.put(KEY, VALUE));
            Runnable held = writes.take();

            assertThat(client.get(KEY)).isEmpty();
            assertThat(write.isDone()).isFalse();
            held.run();

            assertThat(write.get()).isPositive();
            assertThat(client.get(KEY).orElseThrow().bytes()).isEqualTo(VALUE);
        }
    }

    @Test
    void manyCallersShareTheStreamAndEachGetsItsOwnAnswer() throws Exception {
        try (KvClient client = client(LONG)) {
            Thread store = Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        finishWrite();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            List<FutureTask<byte[]>> callers = IntStream.range(0, 500)
                    .mapToObj(i -> started(() -> {
                        byte[] own = ("caller" + i).getBytes(UTF_8);
                        client.put(own, own);
                        return client.get(own).orElseThrow().bytes();
                    }))
                    .toList();
            for (int i = 0; i < callers.size(); i++) {
                assertThat(callers.get(i).get()).asString().isEqualTo("caller" + i);
            }
            store.interrupt();
        }
    }

    @Test
    void theLossOfTheConnectionLeavesOnlyWhatWasSentUnknown() throws Exception {
        try (KvClient client = client(LONG);
                KvClient hasty = client(Duration.ofSeconds(1))) {
            FutureTask<Long> sent = started(() -> client.put(KEY, VALUE));
            Runnable held = writes.take();
            hasty.get(KEY);

            port.close();

            assertUnknown(outcomeOf(sent), Error.Code.UNREACHABLE);
            held.run(); // its effect was unknown for a reason
            QuorateException later = catchThrowableOfType(QuorateException.class, () -> hasty.put(KEY, VALUE));
            assertThat(later.effect()).isEqualTo(Effect.NOT_APPLIED);
            assertThat(writes).isEmpty();
        }
    }

    @Test
    void aNodeThatStopsInGoodOrderAnswersWhatItTookAndTakesNoMore() throws Exception {
        try (KvClient client = client(LONG);
                KvClient hasty = client(Duration.ofSeconds(1))) {
            hasty.get(KEY);
            FutureTask<Long> write = started(() -> client.put(KEY, VALUE));
            Runnable held = writes.take();
            Thread stopping = Thread.startVirtualThread(() -> port.shutdown(LONG));

            QuorateException refused;
            do {
                refused = catchThrowableOfType(QuorateException.class, () -> hasty.get(KEY));
            } while (refused == null);
            assertThat(refused.effect()).isEqualTo(Effect.NOT_APPLIED);
            held.run();

            assertThat(write.get()).isPositive();
            stopping.join();
        }
    }

    @Test
    void aNodeThatDoesNotAnswerLeavesAWriteUnknownAtItsDeadline() {
        try (KvClient client = client(Duration.ofMillis(500))) {
            assertUnknown(() -> client.put(KEY, VALUE), Error.Code.DEADLINE);
            assertThat(client.get(KEY)).isEmpty();
        }
    }

    @Test
    void anInterruptedCallerGivesUpAloneAndItsWriteIsUnknown() throws Exception {
        try (KvClient client = client(LONG)) {
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            Thread caller = Thread.startVirtualThread(() -> {
                try {
                    client.put(KEY, VALUE);
                } catch (QuorateException e) {
                    outcome.complete(e);
                }
            });
            Runnable held = writes.take();

            caller.interrupt();

            assertUnknown(
                    () -> {
                        throw (QuorateException) outcome.get();
                    },
                    Error.Code.UNREACHABLE);
            held.run();
            assertThat(client.get(KEY).orElseThrow().bytes()).isEqualTo(VALUE);
        }
    }

    /** A client that sends and sends: the node stops reading, and goes on when answers have left. */
    @Test
    void aNodeReadsNoMoreThanItHasRoomFor() throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port.port())
                .usePlaintext()
                .build();
        BlockingQueue<DataResponses> answers = new LinkedBlockingQueue<>();
        ClientCall<DataRequests, DataResponses> call =
                channel.newCall(KeyValueGrpc.getStreamMethod(), CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(DataResponses message) {
                        answers.add(message);
                    }
                },
                new Metadata());
        call.request(Integer.MAX_VALUE);
        int requests = 200;
        ByteString large = ByteString.copyFrom(new byte[KvClient.VALUE_BYTES_MAX / 2]);
        for (int i = 1; i <= requests; i++) {
            PutRequest put = PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("key" + i))
                    .setValue(large)
                    .build();
            call.sendMessage(DataRequests.newBuilder()
                    .addRequests(DataRequest.newBuilder()
                            .setId(i)
                            .setTimeoutMillis(40_000)
                            .setPut(put))
                    .build());
        }

        for (int written = 0; written < requests; written++) {
            Runnable write = writes.take();
            assertThat(writes).hasSizeLessThanOrEqualTo(UNANSWERED_MAX);
            write.run();
        }
        for (int answered = 0; answered < requests; ) {
            answered += answers.take().getResponsesCount();
        }
        channel.shutdownNow();
    }
}
