package dev.quorate.server.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeadlinesTest {
    private static final String NAME = "deadlines-under-test";

    private final Deadlines deadlines = new Deadlines(NAME);
    private final BlockingQueue<Integer> called = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        deadlines.stop();
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void tasksAreCalledInTimeAndNeverEarly() throws InterruptedException {
        long startNanos = System.nanoTime();
        deadlines.after(millis(120), () -> called.add(2));
        deadlines.after(millis(40), () -> called.add(1));
        deadlines.after(0, () -> called.add(0));
        assertThat(called.take()).isZero();
        assertThat(called.take()).isEqualTo(1);
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(millis(40));
        assertThat(called.take()).isEqualTo(2);
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(millis(120));
    }

    @Test
    void oneBeyondARoundOfTheWheelWaitsForItsOwn() throws InterruptedException {
        long startNanos = System.nanoTime();
        deadlines.after(millis(5_300), () -> called.add(1));
        assertThat(called.take()).isEqualTo(1);
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(millis(5_300));
    }

    @Test
    void aCancelledTaskIsNotCalledAndItsNeighboursAre() throws InterruptedException {
        List<Deadlines.Deadline> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            all.add(deadlines.after(millis(50 + i % 3), () -> called.add(number)));
        }
        for (int i = 0; i < 1_000; i += 2) {
            all.get(i).cancel();
        }
        for (int i = 0; i < 500; i++) {
            assertThat(called.take() % 2).isEqualTo(1);
        }
        deadlines.after(millis(60), () -> called.add(-1));
        assertThat(called.take()).isEqualTo(-1);
    }

    @Test
    void aTaskThatFailsStopsNoOther() throws InterruptedException {
        deadlines.after(0, () -> {
            throw new IllegalStateException("wanted by the test");
        });
        deadlines.after(millis(20), () -> called.add(1));
        assertThat(called.take()).isEqualTo(1);
    }

    /** Parked without a time: nothing wakes it but the next task. */
    @Test
    void theThreadSleepsWhileNothingWaits() throws InterruptedException {
        Thread thread = Thread.getAllStackTraces().keySet().stream()
                .filter(candidate -> candidate.getName().equals(NAME))
                .findFirst()
                .orElseThrow();
        for (int round = 0; round < 3; round++) {
            deadlines.after(millis(10), () -> called.add(1));
            deadlines.after(millis(60_000), () -> called.add(2)).cancel();
            assertThat(called.take()).isEqualTo(1);
            while (thread.getState() != Thread.State.WAITING) {
                Thread.sleep(1);
            }
        }
    }

    @Test
    void whatWaitsWhenItStopsIsGivenBackOnce() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        deadlines.after(0, running::countDown);
        deadlines.after(millis(60_000), () -> called.add(1));
        deadlines.after(millis(60_000), () -> called.add(2)).cancel();
        running.await();
        List<Runnable> left = deadlines.stop();
        assertThat(left).hasSize(1);
        left.forEach(Runnable::run);
        assertThat(called).containsExactly(1);
        assertThatThrownBy(() -> deadlines.after(0, () -> {})).isInstanceOf(IllegalStateException.class);
    }
}
