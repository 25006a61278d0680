package dev.quorate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShardSessionTest {
    private static final int WINDOW = 1024;

    private final ShardSession session = new ShardSession();

    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    @Test
    void theLowestOutstandingIsThatOfTheOldestWriteUnderWay() {
        long deadlineNanos = in(Duration.ofSeconds(10));
        long first = session.begin(deadlineNanos);
        long second = session.begin(deadlineNanos);
        long third = session.begin(deadlineNanos);
        session.end(second);
        assertThat(session.lowestOutstanding()).isEqualTo(first).isEqualTo(1);
        session.end(first);
        assertThat(session.lowestOutstanding()).isEqualTo(third);
    }

    @Test
    void aWriteBeyondTheWindowWaitsForTheOldest() throws Exception {
        for (int i = 0; i < WINDOW; i++) {
            session.begin(in(Duration.ofSeconds(10)));
        }
        assertThatThrownBy(() -> session.begin(System.nanoTime())).isInstanceOfSatisfying(QuorateException.class, e -> {
            assertThat(e.code()).isEqualTo(Error.Code.BUSY);
            assertThat(e.effect()).isEqualTo(Effect.NOT_APPLIED);
        });
        session.end(2);
        Thread waiting = Thread.ofVirtual().start(() -> session.begin(in(Duration.ofSeconds(30))));
        assertThat(waiting.join(Duration.ofMillis(50))).isFalse();
        session.end(1);
        assertThat(waiting.join(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void itIsOpenedOnceAndAgainOnlyAfterItExpired() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        Thread[] callers = new Thread[8];
        for (int i = 0; i < callers.length; i++) {
            callers[i] = Thread.ofVirtual().start(() -> incarnation(opened, go));
        }
        go.countDown();
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(opened).hasValue(1);
        session.expired(7);
        assertThat(incarnation(opened, go)).as("of another incarnation").isEqualTo(1);
        session.expired(1);
        assertThat(incarnation(opened, go)).isEqualTo(2);
    }

    private long incarnation(AtomicInteger opened, CountDownLatch go) {
        return session.incarnation(
                () -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return opened.incrementAndGet();
                },
                in(Duration.ofSeconds(30)));
    }

    @Test
    void anOpeningThatFailsIsTriedAgainByTheNextCaller() {
        assertThatThrownBy(() -> session.incarnation(
                        () -> {
                            throw new IllegalStateException("no node");
                        },
                        in(Duration.ofSeconds(10))))
                .hasMessage("no node");
        assertThat(session.incarnation(() -> 5, in(Duration.ofSeconds(10)))).isEqualTo(5);
    }
}
