package dev.quorate.mapreduce.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void keepsToItsRateAndDoesNotMakeUpForTimeLost() {
        Pace pace = new Pace(1000, 0);
        assertThat(pace.waitNanos(500, 0)).isEqualTo(SECOND / 2);
        assertThat(pace.waitNanos(500, SECOND / 2)).isEqualTo(SECOND / 2);
        assertThat(pace.waitNanos(500, 10 * SECOND)).isEqualTo(SECOND / 2);
        assertThat(pace.waitNanos(0, 20 * SECOND)).isZero();
    }
}
