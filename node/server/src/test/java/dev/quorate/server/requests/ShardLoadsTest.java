package dev.quorate.server.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ShardLoadsTest {
    private static final double EXACT = 1e-6;

    private long nowNanos = 7;
    private final ShardLoads loads = new ShardLoads(() -> nowNanos);

    private void pass(long seconds) {
        nowNanos += TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void anEvenLoadIsKnownAfterAWhileHoweverOftenOneLooks() {
        loads.count(3, 0);
        for (int second = 0; second < 1_200; second++) {
            for (int i = 0; i < 10; i++) {
                loads.count(3, 100);
            }
            pass(1);
            if (second % 7 == 0) {
                loads.of(3);
            }
        }
        assertThat(loads.of(3).operationsPerSecond()).isCloseTo(10, within(0.1));
        assertThat(loads.of(3).bytesPerSecond()).isCloseTo(1_000, within(10.0));
    }

    @Test
    void aMinuteWithoutRequestsHalvesIt() {
        loads.count(3, 600);
        pass(1);
        double before = loads.of(3).bytesPerSecond();
        assertThat(before).isPositive();
        pass(60);
        assertThat(loads.of(3).bytesPerSecond()).isCloseTo(before / 2, within(EXACT));
    }

    @Test
    void shardsAreCountedApartAndOneThatNobodyUsedHasNoLoad() {
        loads.count(1, 10);
        pass(1);
        assertThat(loads.of(1).operationsPerSecond()).isPositive();
        assertThat(loads.of(2)).isEqualTo(new ShardLoads.Load(0, 0));
    }
}
