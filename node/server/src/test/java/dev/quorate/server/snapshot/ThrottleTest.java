package dev.quorate.server.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final long SECOND = 1_000_000_000L;

    private long nowNanos = 5;
    private final Throttle throttle = new Throttle(1_000, () -> nowNanos);

    @Test
    void everyoneWaitsForWhatWasTakenBefore() {
        assertThat(throttle.claim(500)).isZero();
        assertThat(throttle.claim(2_000)).isEqualTo(SECOND / 2);
        assertThat(throttle.claim(1)).isEqualTo(SECOND / 2 + 2 * SECOND);
        nowNanos += 2 * SECOND;
        assertThat(throttle.claim(1)).isEqualTo(SECOND / 2 + SECOND / 1_000);
    }

    @Test
    void aPauseSavesLittleUp() {
        nowNanos += 100 * SECOND;
        assertThat(throttle.claim(1_000)).isZero();
        assertThat(throttle.claim(1_000)).isEqualTo(SECOND - SECOND / 20);
    }

    @Test
    void whoComesALittleLateCatchesUp() {
        for (int second = 0; second < 10; second++) {
            assertThat(throttle.claim(1_000)).isZero();
            nowNanos += SECOND + SECOND / 50;
            assertThat(throttle.claim(10)).isZero();
            nowNanos += SECOND / 100 - SECOND / 50;
        }
    }
}
