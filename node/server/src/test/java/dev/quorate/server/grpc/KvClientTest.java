package dev.quorate.server.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.Member;
import dev.quorate.api.PutCondition;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.client.QuorateException;
import dev.quorate.client.ShardSnapshot;
import dev.quorate.client.Slots;
import dev.quorate.server.data.FakeStore;
import dev.quorate.server.data.RequestException;
import dev.quorate.server.transport.Sockets;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Java client against two groups of two members. */
class KvClientTest {
    private static final int SHARDS = 16;

    private final FakeStore.Data data = new FakeStore.Data();
    private final List<FakeStore> stores = new ArrayList<>();
    private final List<DataPort> ports = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private final Sockets sockets = Sockets.open("test");
    private KvClient client;

    @BeforeEach
    void start() throws IOException {
        for (int i = 0; i < 4; i++) {
            FakeStore store = new FakeStore(data, Runnable::run, Runnable::run);
            DataPort port = DataPort.start(store, sockets, "127.0.0.1", 0);
            stores.add(store);
            ports.add(port);
            members.add(FakeStore.member("m" + i, 1, port.port()));
        }
        lead(0, 2);
        client = client(Duration.ofSeconds(20));
    }

    private KvClient client(Duration timeout) {
        return new KvClient(List.of(new Endpoint("127.0.0.1", members.get(3).getGrpcPort())), timeout);
    }

    private void lead(int first, int second) {
        FakeStore.lead(stores, members, SHARDS, first, second);
    }

    @AfterEach
    void stop() {
        client.close();
        ports.forEach(DataPort::close);
        sockets.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void operatesOnKeys() {
        byte[] key = bytes("key");

        assertThat(client.get(key)).isEmpty();
        long first = client.put(key, bytes("a"));
        assertThat(first).isPositive();
        assertThat(client.putIfAbsent(key, bytes("b"))).isFalse();
        KvClient.Swap refused = client.compareAndSet(key, first + 100, bytes("c"));
        assertThat(refused.applied()).isFalse();
        assertThat(refused.current().orElseThrow().bytes()).asString().isEqualTo("a");
        KvClient.Swap swapped = client.compareAndSet(key, first, bytes("c"));
        assertThat(swapped.applied()).isTrue();
        assertThat(swapped.current().orElseThrow().bytes()).asString().isEqualTo("c");
        assertThat(client.get(key).orElseThrow().version())
                .isEqualTo(swapped.current().orElseThrow().version());
        assertThat(client.delete(key, first)).isFalse();
        assertThat(client.delete(key)).isTrue();
        assertThat(client.delete(key)).isFalse();
        assertThat(client.increment(key, 41)).isEqualTo(41);
        assertThat(client.increment(key, 1)).isEqualTo(42);
        assertThat(client.put(key, bytes("d"), PutCondition.IF_PRESENT, Duration.ofMinutes(5))
                        .getApplied())
                .isTrue();
        assertThat(client.get(key).orElseThrow().deadlineMillis()).isGreaterThan(System.currentTimeMillis() + 200_000);
    }

    @Test
    void scansAllShardsPageByPage() {
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            client.put(bytes("key" + i), bytes("value" + i));
            expected.add("key" + i + "=value" + i);
        }
        client.put(bytes("other"), bytes("x"));

        List<String> found = new ArrayList<>();
        client.scan(bytes("key")).forEachRemaining(e -> found.add(new String(e.key()) + "=" + new String(e.value())));

        assertThat(found).doesNotHaveDuplicates();
        assertThat(new HashSet<>(found)).isEqualTo(expected);
        KvClient.Page page = client.scan(0, new byte[0], new byte[0], 3);
        assertThat(page.entries()).hasSize(3);
        assertThat(page.more()).isTrue();
        assertThat(client.scan(0, new byte[0], page.entries().get(1).key(), 1)
                        .entries()
                        .getFirst()
                        .key())
                .isEqualTo(page.entries().get(2).key());
    }

    /** Twelve values of a mebibyte are more than one message takes. */
    @Test
    void aSnapshotStaysAsItWas() {
        for (int i = 0; i < 20; i++) {
            client.put(bytes("{tag}" + i), bytes("before"));
        }
        int shard = Slots.shardOf(bytes("{tag}"), SHARDS);
        try (ShardSnapshot snapshot = client.snapshot(shard);
                ShardSnapshot another = client.snapshotAnywhere(shard, Duration.ZERO)) {
            client.put(bytes("{tag}3"), bytes("after"));
            client.put(bytes("{tag}new"), bytes("after"));
            assertThat(values(snapshot)).hasSize(20).containsOnly("before");
            assertThat(values(another)).hasSize(20).containsOnly("before");
        }
        ShardSnapshot closed = client.snapshot(shard);
        closed.close();
        assertFails(() -> closed.scan(new byte[0], new byte[0], 1), Error.Code.INVALID, Effect.NOT_APPLIED);
    }

    private static List<String> values(ShardSnapshot snapshot) {
        List<String> values = new ArrayList<>();
        byte[] after = {};
        KvClient.Page page;
        do {
            page = snapshot.scan(bytes("{tag}"), after, 7);
            page.entries().forEach(entry -> values.add(new String(entry.value())));
            after = page.entries().getLast().key();
        } while (page.more());
        return values;
    }

    @Test
    void pagesOfLargeValuesAreCut() {
        byte[] large = new byte[KvClient.VALUE_BYTES_MAX];
        for (int i = 0; i < 12; i++) {
            client.put(bytes("{tag}" + i), large);
        }

        List<Integer> sizes = new ArrayList<>();
        client.scan(bytes("{tag}")).forEachRemaining(entry -> sizes.add(entry.value().length));

        assertThat(sizes).hasSize(12).containsOnly(large.length);
    }

    @Test
    void followsLeadersAndSurvivesTheLossOfMembers() {
        client.put(bytes("a"), bytes("1"));
        lead(1, 3);
        for (int i = 0; i < 50; i++) {
            client.put(bytes("key" + i), bytes("value" + i));
        }
        ports.get(1).close();
        lead(0, 3);
        for (int i = 0; i < 50; i++) {
            assertThat(client.get(bytes("key" + i)).orElseThrow().bytes())
                    .asString()
                    .isEqualTo("value" + i);
        }
    }

    @Test
    void readsFromAnyMemberWhenTheLeaderIsAway() {
        for (int i = 0; i < 20; i++) {
            client.put(bytes("key" + i), bytes("value" + i));
        }

        ports.get(0).close();
        ports.get(2).close();

        for (int i = 0; i < 20; i++) {
            assertThat(client.getAnywhere(bytes("key" + i), Duration.ZERO)
                            .orElseThrow()
                            .bytes())
                    .asString()
                    .isEqualTo("value" + i);
        }
    }

    @Test
    void retriesWhatDidNotTakeEffectUntilItDoes() throws InterruptedException {
        stores.forEach(
                store -> store.failWith(RequestException.of(Error.Code.BUSY, Effect.NOT_APPLIED, "queues are full")));
        Thread writer = Thread.startVirtualThread(() -> client.put(bytes("a"), bytes("1")));
        assertThat(writer.join(Duration.ofMillis(300))).isFalse();

        stores.forEach(store -> store.failWith(null));

        writer.join();
        assertThat(client.get(bytes("a")).orElseThrow().bytes()).asString().isEqualTo("1");
    }

    @Test
    void failuresSayTheirCodeAndEffect() {
        client.put(bytes("a"), bytes("text"));
        assertFails(() -> client.increment(bytes("a"), 1), Error.Code.INVALID, Effect.NOT_APPLIED);
        assertFails(
                () -> client.put(new byte[KvClient.KEY_BYTES_MAX + 1], bytes("x")),
                Error.Code.INVALID,
                Effect.NOT_APPLIED);
        assertFails(
                () -> client.put(bytes("a"), new byte[KvClient.VALUE_BYTES_MAX + 1]),
                Error.Code.INVALID,
                Effect.NOT_APPLIED);
        assertFails(() -> client.scan(0, new byte[0], new byte[0], 1001), Error.Code.INVALID, Effect.NOT_APPLIED);
        assertFails(() -> client.scan(SHARDS, new byte[0], new byte[0], 1), Error.Code.INVALID, Effect.NOT_APPLIED);
        stores.forEach(store -> store.failWith(RequestException.of(Error.Code.DEADLINE, Effect.UNKNOWN, "no quorum")));
        try (KvClient hasty = client(Duration.ofSeconds(2))) {
            assertFails(() -> hasty.put(bytes("a"), bytes("x")), Error.Code.DEADLINE, Effect.UNKNOWN);
        }
    }

    @Test
    void aWriteWhoseOutcomeIsUnknownIsSentAgainUntilItIsKnown() throws InterruptedException {
        client.increment(bytes("n"), 1);
        stores.forEach(store -> store.failWith(RequestException.of(Error.Code.DEADLINE, Effect.UNKNOWN, "no quorum")));
        Thread writer = Thread.startVirtualThread(() -> client.increment(bytes("n"), 1));
        assertThat(writer.join(Duration.ofMillis(300))).isFalse();

        stores.forEach(store -> store.failWith(null));

        writer.join();
        assertThat(client.get(bytes("n")).orElseThrow().bytes()).asString().isEqualTo("2");
    }

    @Test
    void anEvictedSessionIsReplacedBeforeAWriteThatWasNeverSent() {
        client.increment(bytes("n"), 1);
        stores.getFirst().expireSessions();
        assertThat(client.increment(bytes("n"), 1)).isEqualTo(2);
    }

    @Test
    void withoutASessionNothingIsSentAgainThatMayHaveTakenEffect() {
        stores.forEach(store -> store.failWith(RequestException.of(Error.Code.DEADLINE, Effect.UNKNOWN, "no quorum")));
        try (KvClient plain = KvClient.withoutSessions(
                List.of(new Endpoint("127.0.0.1", members.getFirst().getGrpcPort())), Duration.ofSeconds(20))) {
            assertFails(() -> plain.increment(bytes("n"), 1), Error.Code.DEADLINE, Effect.UNKNOWN);
        }
    }

    @Test
    void timesOutWithTheLastReason() {
        ports.forEach(DataPort::close);
        try (KvClient hasty = client(Duration.ofSeconds(2))) {
            assertFails(() -> hasty.get(bytes("a")), Error.Code.UNREACHABLE, Effect.NOT_APPLIED);
        }
    }

    private static void assertFails(ThrowingCallable call, Error.Code code, Effect effect) {
        assertThatThrownBy(call).isInstanceOfSatisfying(QuorateException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.effect()).isEqualTo(effect);
        });
    }
}
