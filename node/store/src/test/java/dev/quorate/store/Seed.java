package dev.quorate.store;

import java.util.Random;

/**
 * The seed of a random test: a new one for each run, or the one to replay.
 *
 * @param test whose failure tells how to replay it
 */
record Seed(Class<?> test, long value) {
    static Seed of(Class<?> test) {
        return new Seed(test, Long.getLong("quorate.seed", System.nanoTime()));
    }

    Random random() {
        return new Random(value);
    }

    /** What to run to see it again. */
    String replay() {
        return "replay with: ./mvnw -pl node/store -am test -Dsurefire.failIfNoSpecifiedTests=false -Dtest="
                + test.getSimpleName() + " -Dquorate.seed=" + value;
    }
}
