package dev.quorate.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {
    private final Map<String, byte[]> values = new ConcurrentHashMap<>();
    private final AtomicInteger outstanding = new AtomicInteger();
    private final AtomicInteger mostOutstanding = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicBoolean failing = new AtomicBoolean();
    private final ClosedLoop loop = new ClosedLoop(new InMemory());

    private final class InMemory implements Target {
        @Override
        public Connection connect() {
            connections.incrementAndGet();
            return new Connection() {
                @Override
                public void write(byte[] key, byte[] value) throws Exception {
                    takeTime();
                    values.put(new String(key, StandardCharsets.US_ASCII), value);
                }

                @Override
                public void read(byte[] key) throws Exception {
                    takeTime();
                    if (!values.containsKey(new String(key, StandardCharsets.US_ASCII))) {
                        throw new IllegalStateException("absent");
                    }
                }

                @Override
                public void close() {
                    connections.decrementAndGet();
                }
            };
        }

        private void takeTime() throws Exception {
            mostOutstanding.accumulateAndGet(outstanding.incrementAndGet(), Math::max);
            Thread.sleep(1);
            outstanding.decrementAndGet();
            if (failing.get()) {
                throw new IllegalStateException("told to fail");
            }
        }

        @Override
        public void close() {}
    }

    @Test
    void loadingWritesEveryKeyOnce() {
        loop.load(100, 256, 8, 0);

        assertThat(values).hasSize(100).containsKeys("key-000000000000", "key-000000000099");
        assertThat(values.keySet()).allMatch(key -> key.length() == 16);
        assertThat(values.values()).allMatch(value -> value.length == 256);
        assertThat(connections).hasValue(0);
    }

    @Test
    void aCallerHasOneOperationOutstanding() throws InterruptedException {
        loop.load(10, 16, 4, 0);
        AtomicBoolean measuring = new AtomicBoolean();
        ClosedLoop.Result result = loop.run(false, 4, 0, 20, 100, () -> measuring.set(true));

        assertThat(measuring).isTrue();
        assertThat(mostOutstanding.get()).isBetween(1, 4);
        assertThat(result.latencies().getTotalCount()).isPositive();
        assertThat(result.latencies().getMinValue()).isGreaterThanOrEqualTo(900);
        assertThat(result.failures()).isZero();
        assertThat(result.nanos()).isGreaterThanOrEqualTo(100_000_000);
    }

    @Test
    void aPaceIsNotExceeded() throws InterruptedException {
        loop.load(10, 16, 4, 0);
        ClosedLoop.Result result = loop.run(true, 8, 200, 50, 500, () -> {});

        assertThat(result.latencies().getTotalCount())
                .isPositive()
                .isLessThanOrEqualTo(200 * result.nanos() / 1_000_000_000 + 8);
    }

    @Test
    void whatFailsIsCountedButNotMeasured() throws InterruptedException {
        loop.load(10, 16, 4, 0);
        failing.set(true);
        ClosedLoop.Result result = loop.run(true, 2, 0, 20, 100, () -> {});

        assertThat(result.failures()).isPositive();
        assertThat(result.latencies().getTotalCount()).isZero();
    }
}
