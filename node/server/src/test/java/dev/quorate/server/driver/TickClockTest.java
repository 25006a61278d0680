package dev.quorate.server.driver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TickClockTest {
    private final TickClock clock = new TickClock(25, 1_000);

    @Test
    void ticksThatWereSleptThroughAreMadeUpFor() {
        assertThat(clock.nanosUntil(4, 1_000)).isEqualTo(100);
        assertThat(clock.take(4, 1_024)).isZero();
        assertThat(clock.take(4, 1_060)).isEqualTo(2);
        assertThat(clock.nanosUntil(2, 1_060)).isEqualTo(40);
        assertThat(clock.take(2, 1_100)).isEqualTo(2);
    }

    @Test
    void afterAPauseTimeDoesNotHurry() {
        assertThat(clock.take(4, 9_000)).isEqualTo(4);
        assertThat(clock.take(4, 9_024)).isZero();
        assertThat(clock.take(4, 9_025)).isEqualTo(1);
    }
}
