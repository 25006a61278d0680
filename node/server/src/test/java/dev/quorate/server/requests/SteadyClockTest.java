package dev.quorate.server.requests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The machine's clock jumps; the steady one does not. */
class SteadyClockTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long HOUR_MILLIS = TimeUnit.HOURS.toMillis(1);

    private long steadyNanos = 17;
    private long wallNanos = 1_700_000_000 * SECOND;
    private final SteadyClock clock = new SteadyClock(() -> wallNanos, () -> steadyNanos);
    private final long startMillis = clock.nowMillis();

    private long passed() {
        return clock.nowMillis() - startMillis;
    }

    private void pass(long nanos) {
        steadyNanos += nanos;
        wallNanos += nanos;
    }

    @Test
    void itIsTheTimeOfDay() {
        assertThat(startMillis).isEqualTo(1_700_000_000_000L);
        pass(5 * SECOND);
        assertThat(passed()).isEqualTo(5_000);
    }

    @Test
    void aJumpForwardIsFollowedByATenthOfWhatPasses() {
        wallNanos += HOUR_MILLIS * 1_000_000;
        assertThat(passed()).isZero();
        pass(10 * SECOND);
        assertThat(passed()).isEqualTo(11_000);
    }

    @Test
    void aJumpBackNeverTurnsItBack() {
        wallNanos -= HOUR_MILLIS * 1_000_000;
        long before = passed();
        for (int i = 0; i < 100; i++) {
            pass(SECOND);
            assertThat(passed()).isBetween(before + 899, before + 901);
            before = passed();
        }
    }

    @Test
    void itArrives() {
        wallNanos += SECOND;
        for (int i = 0; i < 20; i++) {
            pass(SECOND);
        }
        assertThat(passed()).isEqualTo(21_000);
    }
}
