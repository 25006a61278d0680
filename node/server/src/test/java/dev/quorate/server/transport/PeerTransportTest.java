package dev.quorate.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.Member;
import dev.quorate.api.PeerFault;
import dev.quorate.raft.Entry;
import dev.quorate.raft.Message;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.proto.Done;
import dev.quorate.server.proto.ReadMap;
import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.Response;
import dev.quorate.server.proto.WatchMap;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeerTransportTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Self SERVER = new Self("cluster", 2, UUID.randomUUID().toString(), "secret");
    private static final Self CALLER = new Self("cluster", 1, UUID.randomUUID().toString(), "secret");

    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final Set<String> removed = ConcurrentHashMap.newKeySet();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private Sockets sockets;
    private PeerServer server;

    @BeforeEach
    void listen() throws IOException {
        sockets = Sockets.open("test");
        server = listen(0);
    }

    private PeerServer listen(int port) throws IOException {
        return PeerServer.listen(
                SERVER,
                new PeerHandler() {
                    @Override
                    public void receive(Message message) {
                        received.add(message);
                    }

                    @Override
                    public boolean isRemoved(String memberId) {
                        return removed.contains(memberId);
                    }

                    @Override
                    public Response answer(Request request) {
                        return answerTo(request);
                    }
                },
                sockets,
                "127.0.0.1",
                port);
    }

    /** WatchMap hangs, ReadMap fails, everything else is done. */
    private Response answerTo(Request request) {
        switch (request.getCallCase()) {
            case WATCH_MAP -> {
                try {
                    hanging.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            case READ_MAP -> throw RequestException.of(Error.Code.INVALID, Effect.NOT_APPLIED, "no map here");
            default -> {}
        }
        return Response.newBuilder().setDone(Done.getDefaultInstance()).build();
    }

    @AfterEach
    void close() {
        hanging.countDown();
        server.close();
        sockets.close();
    }

    private PeerAddress address(int groupId) {
        return new PeerAddress(groupId, "127.0.0.1", server.port());
    }

    private static Request.Builder anyCall() {
        return Request.newBuilder();
    }

    @Test
    void callsAreAnswered() throws Exception {
        try (PeerCalls calls = new PeerCalls(sockets, CALLER)) {
            assertThat(calls.call(address(2), anyCall(), PATIENCE).hasDone()).isTrue();
        }
    }

    @Test
    void anErrorArrivesAsItWas() {
        try (PeerCalls calls = new PeerCalls(sockets, CALLER)) {
            assertThatThrownBy(() -> calls.call(
                            address(2), Request.newBuilder().setReadMap(ReadMap.getDefaultInstance()), PATIENCE))
                    .isInstanceOf(RequestException.class)
                    .hasMessage("no map here");
        }
    }

    @Test
    void aCallThatHangsTimesOutAndHoldsUpNoOther() throws Exception {
        try (PeerCalls calls = new PeerCalls(sockets, CALLER)) {
            assertThatThrownBy(() -> calls.call(
                            address(2),
                            Request.newBuilder().setWatchMap(WatchMap.getDefaultInstance()),
                            Duration.ofMillis(50)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no answer in time");
            assertThat(calls.call(address(2), anyCall(), PATIENCE).hasDone()).isTrue();
        }
    }

    @Test
    void strangersAreRefusedWithAReason() {
        assertRefused(new Self("cluster", 1, "x", "wrong"), 2, "wrong token");
        assertRefused(new Self("other", 1, "x", "secret"), 2, "belongs to cluster cluster, not other");
        assertRefused(CALLER, 3, "belongs to group 2, not 3");
    }

    private void assertRefused(Self caller, int groupId, String reason) {
        try (PeerCalls calls = new PeerCalls(sockets, caller)) {
            assertThatThrownBy(() -> calls.call(address(groupId), anyCall(), PATIENCE))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(reason);
        }
    }

    @Test
    void messagesArriveAsTheyWereSent() throws Exception {
        UUID from = UUID.randomUUID();
        UUID to = UUID.randomUUID();
        List<Message> messages = List.of(
                new Message.RequestVote(from, to, 3, 7, 2, true, false),
                new Message.VoteResponse(from, to, 3, true, false),
                new Message.AppendEntries(
                        from,
                        to,
                        3,
                        7,
                        2,
                        List.of(
                                new Entry(8, 3, Entry.Type.EMPTY, new byte[0]),
                                new Entry(9, 3, Entry.Type.COMMAND, new byte[] {1, 2, 3})),
                        6,
                        11),
                new Message.AppendResponse(from, to, 3, false, 7, 5, 1, 11),
                new Message.ReadIndexRequest(from, to, 3, -5),
                new Message.ReadIndexResponse(from, to, 3, -5, true, 9),
                new Message.TimeoutNow(from, to, 3));
        try (PeerLink link = new PeerLink(sockets, CALLER, address(2), () -> {}, PeerTransportTest::fail)) {
            awaitConnected(link);
            messages.forEach(message -> assertThat(link.send(message)).isTrue());
            link.flush();
            for (Message message : messages) {
                assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(message);
            }
        }
    }

    @Test
    void aLinkDropsWhileItsPeerIsAwayAndComesBackWithIt() throws Exception {
        Message message = new Message.TimeoutNow(UUID.randomUUID(), UUID.randomUUID(), 1);
        int port = server.port();
        try (PeerLink link = new PeerLink(sockets, CALLER, address(2), () -> {}, PeerTransportTest::fail)) {
            awaitConnected(link);
            server.close();
            await(() -> !link.connected());
            assertThat(link.send(message)).isFalse();
            server = listen(port);
            awaitConnected(link);
            assertThat(link.send(message)).isTrue();
            link.flush();
            assertThat(received.poll(20, TimeUnit.SECONDS)).isEqualTo(message);
        }
    }

    @Test
    void aMemberThatIsRemovedLosesItsLinkAndIsToldWhy() throws Exception {
        Self member = new Self("cluster", 2, UUID.randomUUID().toString(), "secret");
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (PeerLink link = new PeerLink(sockets, member, address(2), () -> {}, told::add)) {
            awaitConnected(link);
            removed.add(member.memberId());
            link.send(new Message.TimeoutNow(UUID.randomUUID(), UUID.randomUUID(), 1));
            link.flush();
            assertThat(told.poll(20, TimeUnit.SECONDS)).contains("was removed from group 2");
        }
        assertThat(received).isEmpty();
    }

    private static void fail(String reason) {
        throw new AssertionError(reason);
    }

    private static void awaitConnected(PeerLink link) throws InterruptedException {
        await(link::connected);
    }

    private static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadlineNanos);
            Thread.sleep(5);
        }
    }

    @Test
    void garbageClosesItsConnectionAndNoOther() throws Exception {
        try (PeerCalls calls = new PeerCalls(sockets, CALLER)) {
            calls.call(address(2), anyCall(), PATIENCE);
            assertClosedAfter(new byte[] {0, 0, 0, 4, 'j', 'u', 'n', 'k'});
            assertClosedAfter("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertClosedAfter(new byte[] {0x7f, -1, -1, -1, 0});
            assertThat(calls.call(address(2), anyCall(), PATIENCE).hasDone()).isTrue();
        }
    }

    private void assertClosedAfter(byte[] bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            new DataOutputStream(socket.getOutputStream()).write(bytes);
            // A refusal may come first; then the end.
            socket.getInputStream().readAllBytes();
        } catch (java.net.SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    @Test
    void aFaultSwitchLosesAndDelaysWhatItIsToldAndNoMore() throws Exception {
        FaultSwitch faults = new FaultSwitch();
        try (Sockets faulty = Sockets.open("faulty", Optional.of(faults));
                PeerCalls calls = new PeerCalls(faulty, CALLER)) {
            assertThat(calls.call(address(2), anyCall(), PATIENCE).hasDone()).isTrue();

            Member peer = Member.newBuilder()
                    .setHost("127.0.0.1")
                    .setPeerPort(server.port())
                    .build();
            for (PeerFault.Builder lost : List.of(
                    PeerFault.newBuilder().setPeer(peer).setLoseSent(true),
                    PeerFault.newBuilder().setLoseReceived(true))) {
                faults.set(List.of(lost.build()));
                assertThatThrownBy(() -> calls.call(address(2), anyCall(), Duration.ofMillis(100)))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("no answer in time");
            }
            faults.set(List.of(PeerFault.newBuilder()
                    .setPeer(peer.toBuilder().setPeerPort(1))
                    .setLoseSent(true)
                    .build()));
            assertThat(calls.call(address(2), anyCall(), PATIENCE).hasDone()).isTrue();

            faults.set(List.of(PeerFault.newBuilder().setDelayMillis(200).build()));
            long startNanos = System.nanoTime();
            assertThat(calls.call(address(2), anyCall(), PATIENCE).hasDone()).isTrue();
            assertThat(System.nanoTime() - startNanos).isGreaterThan(200_000_000);

            faults.set(List.of());
            assertThat(calls.call(address(2), anyCall(), PATIENCE).hasDone()).isTrue();
        }
    }

    @Test
    void aFaultSwitchKnowsACallerByItsId() throws Exception {
        FaultSwitch faults = new FaultSwitch();
        server.close();
        try (Sockets faulty = Sockets.open("faulty", Optional.of(faults));
                PeerCalls calls = new PeerCalls(sockets, CALLER)) {
            Sockets whole = sockets;
            sockets = faulty;
            server = listen(0);
            sockets = whole;
            assertThat(calls.call(address(2), anyCall(), PATIENCE).hasDone()).isTrue();
            faults.set(List.of(PeerFault.newBuilder()
                    .setPeer(Member.newBuilder().setId(CALLER.memberId()))
                    .setLoseReceived(true)
                    .build()));
            assertThatThrownBy(() -> calls.call(address(2), anyCall(), Duration.ofMillis(100)))
                    .hasMessageContaining("no answer in time");
            server.close();
        }
    }
}
