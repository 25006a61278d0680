package dev.quorate.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Histories on which a plain search takes for ever. What they cost is counted in configurations, not in time. */
class HardHistoriesTest {
    private static final int MANY = 200;

    @Test
    void manyWritesOfUnknownOutcomeThatNobodySaw() {
        Hand hand = new Hand();
        for (int i = 0; i < MANY; i++) {
            hand.unknown(i, Hand.put("lost" + i));
        }
        for (int i = 0; i < 1_000; i++) {
            hand.ok(MANY + 10 * i, MANY + 10 * i + 5, Hand.put("v" + i), Hand.written());
            hand.ok(MANY + 10 * i + 6, MANY + 10 * i + 9, Hand.get(), Hand.read("v" + i));
        }
        assertDecided(hand.history(), true, 10_000);
        hand.ok(20_000, 20_001, Hand.get(), Hand.read("v1"));
        assertDecided(hand.history(), false, 20_000);
    }

    @Test
    void manyWritesOfUnknownOutcomeThatShowUpMuchLater() {
        Hand hand = new Hand();
        for (int i = 0; i < MANY; i++) {
            hand.unknown(i, Hand.put("late" + i));
        }
        for (int i = 0; i < MANY; i++) {
            hand.ok(1_000 + 10 * i, 1_000 + 10 * i + 5, Hand.put("v" + i), Hand.written());
            hand.ok(1_000 + 10 * i + 6, 1_000 + 10 * i + 9, Hand.get(), Hand.read("late" + (MANY - 1 - i)));
        }
        assertDecided(hand.history(), true, 100_000);
        hand.ok(20_000, 20_001, Hand.put("last"), Hand.written());
        hand.ok(20_002, 20_003, Hand.get(), Hand.read("late3"));
        assertDecided(hand.history(), false, 200_000);
    }

    @Test
    void manyIncrementsOfUnknownOutcome() {
        Hand hand = new Hand();
        for (int i = 0; i < MANY; i++) {
            hand.unknown(i, Hand.increment(1));
        }
        for (int i = 0; i < 50; i++) {
            hand.ok(1_000 + 2 * i, 1_001 + 2 * i, Hand.increment(1), Hand.sum(4 * (i + 1)));
        }
        assertDecided(hand.history(), true, 10_000);
        hand.ok(2_000, 2_001, Hand.get(), Hand.read(Integer.toString(MANY + 51)));
        assertDecided(hand.history(), false, 100_000);
    }

    @Test
    void deletesThatMayEachHaveDeletedAnyOfManyUnseenWrites() {
        Hand hand = new Hand();
        for (int i = 0; i < 60; i++) {
            hand.unknown(i, Hand.put("unseen" + i));
        }
        for (int i = 0; i < 60; i++) {
            hand.ok(1_000 + 2 * i, 1_001 + 2 * i, Hand.delete(), new Result.Deleted(true));
        }
        assertDecided(hand.history(), true, 1_000);
        hand.ok(2_000, 2_001, Hand.delete(), new Result.Deleted(true));
        assertDecided(hand.history(), false, 10_000);
    }

    @Test
    void manyWritesAtOnceWhoseVersionsTellTheOrder() {
        List<Invocation> writes = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 60; i++) {
            writes.add(Invocation.ok(
                    "c" + i, Hand.put("v" + i), Hand.written(1 + (i * 37) % 60), 0, 100 + random.nextInt(100)));
        }
        assertDecided(new History(writes), true, 10_000);
        writes.add(Invocation.ok("late", Hand.get(), Hand.read("v0", 1), 300, 301));
        assertDecided(new History(writes), false, 10_000);
    }

    @Test
    void longHistories() {
        History history = new Generator(new Random(7), true).history(6, 20_000, 0.002);
        assertDecided(history, true, 2_000_000);
    }

    /** Ten writers without versions and no read between: the last read is wrong, and every order must be ruled out. */
    @Test
    void whatIsTooMuchIsUndecided() {
        List<Invocation> writes = new ArrayList<>();
        for (int round = 0; round < 100; round++) {
            for (int client = 0; client < 16; client++) {
                writes.add(Invocation.ok(
                        "c" + client,
                        Hand.put(round + "/" + client),
                        Hand.written(),
                        100 * round + client,
                        100 * round + 110 + client));
            }
        }
        writes.add(Invocation.ok("reader", Hand.get(), Hand.read("0/0"), 20_000, 20_001));
        Limits tight = new Limits(Duration.ofSeconds(60), 4 << 20);
        Verdict verdict = Linearizability.check(new History(writes), tight);
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Undecided.class,
                        undecided -> assertThat(undecided.reason()).contains("1601 operations"));
        assertThat(Stream.of(verdict)).noneMatch(Verdict.Linearizable.class::isInstance);
    }

    private static void assertDecided(History history, boolean linearizable, long configurationsMax) {
        Budget budget = new Budget(Limits.DEFAULT);
        KeyHistory key = KeyHistory.of(history.invocations());
        assertThat(new Search(key, budget).run()).isEqualTo(linearizable ? Search.End.FOUND : Search.End.NONE);
        assertThat(budget.configurations()).isLessThan(configurationsMax);
    }
}
