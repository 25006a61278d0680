package dev.quorate.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random histories; {@code -Dquorate.test.seed=N} begins with that seed. */
class GeneratedHistoriesTest {
    private static final long FIRST_SEED = Long.getLong("quorate.test.seed", new Random().nextLong());

    @Test
    void historiesOfARealRegisterPass() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + 300; seed++) {
            Random random = new Random(seed);
            History history = new Generator(random, random.nextBoolean())
                    .history(1 + random.nextInt(8), random.nextInt(300), random.nextInt(3) * 0.05);
            assertThat(Linearizability.check(history, Limits.DEFAULT))
                    .as(replay(seed))
                    .isInstanceOf(Verdict.Linearizable.class);
        }
    }

    /** What each mutation does can be explained by no order, whatever else is in the history. */
    @Test
    void provablyWrongMutationsOfThemFail() {
        int mutated = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + 600; seed++) {
            Random random = new Random(seed);
            History history = new Generator(random, random.nextBoolean())
                    .history(1 + random.nextInt(6), 20 + random.nextInt(150), random.nextInt(3) * 0.03);
            History wrong = Mutation.values()[random.nextInt(Mutation.values().length)].apply(history, random);
            if (wrong != null) {
                mutated++;
                assertThat(Linearizability.check(wrong, Limits.DEFAULT))
                        .as(replay(seed))
                        .isInstanceOf(Verdict.Violation.class);
            }
        }
        assertThat(mutated).isGreaterThan(300);
    }

    private enum Mutation {
        READ_OF_WHAT_NOBODY_WROTE {
            @Override
            Invocation change(Invocation read, List<Invocation> all) {
                return Invocation.ok(
                        read.client(),
                        read.operation(),
                        new Result.Read("-777777", 0),
                        read.callNanos(),
                        read.returnNanos());
            }
        },
        READ_BEFORE_ANYTHING_WAS_WRITTEN {
            @Override
            Invocation change(Invocation read, List<Invocation> all) {
                Result.Read result = (Result.Read) read.result();
                return result.value() == null ? null : Invocation.ok(read.client(), read.operation(), result, -2, -1);
            }
        },
        VERSION_FROM_THE_FUTURE {
            @Override
            Invocation change(Invocation read, List<Invocation> all) {
                Result.Read result = (Result.Read) read.result();
                boolean laterVersion = all.stream()
                        .anyMatch(each -> each.callNanos() > read.returnNanos()
                                && each.result() instanceof Result.Written(var version)
                                && version != 0);
                return result.value() == null || !laterVersion
                        ? null
                        : Invocation.ok(
                                read.client(),
                                read.operation(),
                                new Result.Read(result.value(), 1_000_000),
                                read.callNanos(),
                                read.returnNanos());
            }
        },
        STALE_VERSION {
            @Override
            Invocation change(Invocation read, List<Invocation> all) {
                long before = all.stream()
                        .filter(each -> each.returnNanos() < read.callNanos())
                        .mapToLong(each -> each.result() instanceof Result.Written(var version) ? version : 0)
                        .max()
                        .orElse(0);
                Result.Read result = (Result.Read) read.result();
                return before < 2 || result.value() == null
                        ? null
                        : Invocation.ok(
                                read.client(),
                                read.operation(),
                                new Result.Read(result.value(), before - 1),
                                read.callNanos(),
                                read.returnNanos());
            }
        };

        /** Null where the mutation would prove nothing. */
        abstract Invocation change(Invocation read, List<Invocation> all);

        History apply(History history, Random random) {
            List<Invocation> all = new ArrayList<>(history.invocations());
            List<Invocation> reads = all.stream()
                    .filter(each -> each.result() instanceof Result.Read)
                    .toList();
            if (reads.isEmpty()) {
                return null;
            }
            Invocation read = reads.get(random.nextInt(reads.size()));
            Invocation changed = change(read, all);
            if (changed == null) {
                return null;
            }
            all.set(all.indexOf(read), changed);
            return new History(all);
        }
    }

    /** Results taken at random, so that most histories are wrong and the rest are right by luck. */
    @Test
    void smallHistoriesGetTheVerdictOfTheDefinition() {
        int right = 0;
        int wrong = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + 40_000; seed++) {
            Random random = new Random(seed);
            Hand hand = new Hand();
            int size = 2 + random.nextInt(4);
            boolean numbers = random.nextBoolean();
            for (int i = 0; i < size; i++) {
                addRandom(hand, random, numbers);
            }
            boolean expected = PermutationOracle.linearizable(hand.history(), 3L + size);
            assertThat(hand.linearizable())
                    .as(() -> String.join(
                            "\n",
                            hand.history().invocations().stream()
                                    .map(JsonLine::of)
                                    .toList()))
                    .isEqualTo(expected);
            right += expected ? 1 : 0;
            wrong += expected ? 0 : 1;
        }
        assertThat(right).isGreaterThan(5_000);
        assertThat(wrong).isGreaterThan(5_000);
    }

    private static void addRandom(Hand hand, Random random, boolean numbers) {
        Operation operation = randomOperation(random, numbers);
        long call = random.nextInt(10);
        switch (random.nextInt(8)) {
            case 0 -> hand.unknown(call, operation);
            case 1 -> hand.failed(call, call + random.nextInt(4), operation);
            default -> hand.ok(call, call + random.nextInt(6), operation, randomResult(operation, random));
        }
    }

    private static Operation randomOperation(Random random, boolean numbers) {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> Hand.get();
            case 3, 4 -> Hand.put(randomValue(random));
            case 5 -> Hand.delete();
            case 6 -> Hand.cas(random.nextInt(3), randomValue(random));
            default -> numbers ? Hand.increment(1) : Hand.append(randomValue(random));
        };
    }

    private static Result randomResult(Operation operation, Random random) {
        return switch (operation) {
            case Operation.Get get -> randomRead(random);
            case Operation.Put put -> new Result.Written(random.nextInt(3));
            case Operation.Delete delete -> new Result.Deleted(random.nextBoolean());
            case Operation.CompareAndSet swap ->
                random.nextBoolean()
                        ? new Result.Swapped(true, new Result.Read(swap.value(), 1 + random.nextInt(3)))
                        : new Result.Swapped(false, randomRead(random, 1 + random.nextInt(3)));
            case Operation.Increment increment -> new Result.Sum(1 + random.nextInt(3));
            case Operation.Append append -> new Result.Length(1 + random.nextInt(2));
        };
    }

    private static Result.Read randomRead(Random random) {
        return randomRead(random, random.nextInt(3));
    }

    private static Result.Read randomRead(Random random, long version) {
        return random.nextInt(3) == 0 ? new Result.Read(null, 0) : new Result.Read(randomValue(random), version);
    }

    private static String randomValue(Random random) {
        return Integer.toString(1 + random.nextInt(2));
    }

    private static String replay(long seed) {
        return "./mvnw -pl node/history test -Dtest=GeneratedHistoriesTest -Dquorate.test.seed=" + seed;
    }
}
