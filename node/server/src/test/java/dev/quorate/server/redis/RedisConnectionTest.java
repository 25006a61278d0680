package dev.quorate.server.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.server.data.FakeStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one connection may do to itself and to others. */
@Timeout(60)
class RedisConnectionTest {
    private static final String SELF = "self";

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private RedisPort port(FakeStore store, RedisConfig.Limits limits) throws IOException {
        RedisConfig config = new RedisConfig("127.0.0.1", 0, SELF, Duration.ofSeconds(30), limits);
        RedisPort port = RedisPort.start(store, config, new SimpleMeterRegistry());
        store.become(SELF, FakeStore.route(4, List.of(List.of(FakeStore.member(SELF, port.port(), 1)))));
        opened.add(port);
        return port;
    }

    private RawClient client(RedisPort port) throws IOException {
        RawClient client = new RawClient(port.port());
        opened.add(client);
        return client;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*1\r\n:1\r\n", "*2\r\n$3\r\nGET\r\n$-7\r\n", "\u0016\u0003\u0001\"\r\n", "POST / HTTP/1.1\r\n"})
    void garbageIsAnsweredAndEndsItsConnectionAlone(String garbage) throws IOException {
        RedisPort port = port(new FakeStore(), RedisConfig.Limits.DEFAULT);
        RawClient other = client(port);
        RawClient client = client(port);

        client.send("SET a b\r\n" + garbage);

        assertThat(client.reply()).isEqualTo("+OK");
        assertThat(client.reply()).startsWith("-ERR Protocol error: ");
        assertThat(client.isClosed()).isTrue();
        assertThat(other.call("GET a")).isEqualTo("$1 b");
    }

    @Test
    void whatIsTooLargeIsRefusedAndTheConnectionGoesOn() throws IOException {
        RedisPort port = port(new FakeStore(), RedisConfig.Limits.DEFAULT);
        RawClient client = client(port);
        byte[] set = "SET".getBytes(US_ASCII);
        byte[] key = "a".getBytes(US_ASCII);

        client.send(RawClient.command(set, new byte[(16 << 10) + 1], key));
        assertThat(client.reply()).isEqualTo("-ERR a key of 16385 bytes is too long: the limit is 16384");
        client.send(RawClient.command(set, new byte[16 << 10], key));
        assertThat(client.reply()).isEqualTo("+OK");
        client.send(RawClient.command(set, key, new byte[(1 << 20) + 1]));
        assertThat(client.reply())
                .isEqualTo("-ERR an argument of 1048577 bytes is too long: keys may have 16384 bytes, values 1048576");
        client.send(RawClient.command(set, key, new byte[1 << 20]));
        assertThat(client.reply()).isEqualTo("+OK");
        assertThat(client.call("STRLEN a")).isEqualTo(":1048576");
    }

    @Test
    void moreConnectionsThanTheLimitAreTurnedAway() throws IOException {
        RedisConfig.Limits limits = new RedisConfig.Limits(16, 32, 64, 4, 48, 8, 128, 2);
        RedisPort port = port(new FakeStore(), limits);
        RawClient first = client(port);
        RawClient second = client(port);
        assertThat(List.of(first.call("PING"), second.call("PING"))).containsOnly("+PONG");

        RawClient third = client(port);

        assertThat(third.reply()).isEqualTo("-ERR max number of clients reached");
        assertThat(third.isClosed()).isTrue();
        assertThat(first.call("PING")).isEqualTo("+PONG");
    }

    /** A thousand commands in one packet, more than may be in flight. */
    @Test
    void longPipelinesOfImmediateAnswersDontStall() throws IOException {
        RawClient client = client(port(new FakeStore(), RedisConfig.Limits.DEFAULT));

        client.send("PING\r\n".repeat(1000));

        for (int i = 0; i < 1000; i++) {
            assertThat(client.reply()).isEqualTo("+PONG");
        }
    }

    /** While the store does nothing, a connection's requests in flight stay within the bound, and others are served. */
    @Test
    void aConnectionWithTooMuchInFlightIsNotReadUntilThereIsRoom() throws Exception {
        Queue<Runnable> stuck = new ConcurrentLinkedQueue<>();
        FakeStore store = new FakeStore(new FakeStore.Data(), stuck::add, Runnable::run);
        RedisPort port = port(store, RedisConfig.Limits.DEFAULT);
        RawClient client = client(port);
        RawClient other = client(port);
        int inFlightMax = RedisConfig.Limits.DEFAULT.inFlightRequests();

        client.send(RawClient.command("GET a"));
        client.send("GET a\r\n".repeat(inFlightMax * 4));
        while (stuck.size() < inFlightMax) {
            Thread.onSpinWait();
        }
        assertThat(other.call("SET b c")).isEqualTo("+OK");
        assertThat(stuck).hasSize(inFlightMax);

        int answered = 0;
        while (answered < inFlightMax * 4 + 1) {
            Runnable next = stuck.poll();
            if (next != null) {
                next.run();
                assertThat(client.reply()).isEqualTo("$-1");
                answered++;
            }
        }
    }

    /**
     * One client's pipeline on few keys, against a store that does reads and writes with random delays: every reply is the one that a client gets
     * that waits for each. Several clients at once, each with keys of its own.
     */
    @Test
    void aPipelineTakesEffectInItsOrder() throws Exception {
        long seed = Long.getLong("quorate.seed", System.nanoTime());
        try (ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(4)) {
            Random delays = new Random(seed);
            Executor late = task -> scheduler.schedule(task, delays.nextInt(300), TimeUnit.MICROSECONDS);
            FakeStore store = new FakeStore(new FakeStore.Data(), late, late);
            RedisPort port = port(store, RedisConfig.Limits.DEFAULT);
            for (int round = 0; round < 8; round++) {
                pipeline(port, new Random(seed + round), round);
            }
        } catch (AssertionError e) {
            throw new AssertionError("replay with -Dtest=RedisConnectionTest -Dquorate.seed=" + seed, e);
        }
    }

    private void pipeline(RedisPort port, Random random, int round) throws Exception {
        RawClient client = client(port);
        StringBuilder requests = new StringBuilder();
        List<String> expected = new ArrayList<>();
        Long[] values = new Long[6];
        for (int i = 0; i < 2_000; i++) {
            int key = random.nextInt(values.length);
            String name = "k" + round + "-" + key;
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    requests.append("GET ").append(name).append("\r\n");
                    expected.add(
                            values[key] == null
                                    ? "$-1"
                                    : "$" + values[key].toString().length() + " " + values[key]);
                }
                case 2, 3 -> {
                    values[key] = values[key] == null ? 1 : values[key] + 1;
                    requests.append("INCR ").append(name).append("\r\n");
                    expected.add(":" + values[key]);
                }
                case 4 -> {
                    boolean refused = values[key] != null && random.nextInt(4) == 0;
                    requests.append(refused ? "INCRBY " + name + " " + Long.MAX_VALUE : "SET " + name + " 1000")
                            .append("\r\n");
                    expected.add(refused ? "-ERR increment or decrement would overflow" : "+OK");
                    values[key] = refused ? values[key] : Long.valueOf(1000);
                }
                default -> {
                    requests.append("DEL ").append(name).append("\r\n");
                    expected.add(values[key] == null ? ":0" : ":1");
                    values[key] = null;
                }
            }
        }
        Thread sender = Thread.startVirtualThread(() -> {
            try {
                client.send(requests.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        String[] lines = requests.toString().split("\r\n");
        for (int i = 0; i < lines.length; i++) {
            assertThat(client.reply()).as("request %d: %s", i, lines[i]).isEqualTo(expected.get(i));
        }
        sender.join();
    }

    /** What is served but not taken is bounded by the connection's limit and the system's socket buffers. */
    @Test
    void aClientThatDoesNotReadIsNotServedWithoutBound() throws IOException {
        AtomicInteger served = new AtomicInteger();
        Executor counting = task -> {
            served.incrementAndGet();
            task.run();
        };
        RedisPort port = port(new FakeStore(new FakeStore.Data(), counting, Runnable::run), RedisConfig.Limits.DEFAULT);
        RawClient client = client(port);
        RawClient other = client(port);
        client.send(RawClient.command("SET".getBytes(US_ASCII), "a".getBytes(US_ASCII), new byte[1 << 20]));
        assertThat(client.reply()).isEqualTo("+OK");
        assertThat(client.call("GET a")).hasSizeGreaterThan(1 << 20);

        client.send("GET a\r\n".repeat(200));
        while (served.get() < 4) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(other.call("PING")).isEqualTo("+PONG");
        }

        assertThat(served).hasValueLessThan(64);
        for (int i = 0; i < 200; i++) {
            assertThat(client.reply()).hasSizeGreaterThan(1 << 20);
        }
    }

    @Test
    void shutdownAnswersWhatIsInFlight() throws Exception {
        Queue<Runnable> held = new ConcurrentLinkedQueue<>();
        RedisPort port =
                port(new FakeStore(new FakeStore.Data(), held::add, Runnable::run), RedisConfig.Limits.DEFAULT);
        RawClient client = client(port);
        RawClient idle = client(port);
        assertThat(idle.call("PING")).isEqualTo("+PONG");
        client.send("GET a\r\n");
        while (held.isEmpty()) {
            Thread.onSpinWait();
        }

        Thread shutdown = Thread.startVirtualThread(() -> port.shutdown(Duration.ofSeconds(30)));
        assertThat(idle.isClosed()).isTrue();
        held.remove().run();

        assertThat(client.reply()).isEqualTo("$-1");
        assertThat(client.isClosed()).isTrue();
        shutdown.join();
    }
}
