package dev.quorate.raft.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Seeds for the simulation: some that are always the same, and fresh ones for a time ({@code -Dquorate.sim.seconds=N}, 15 by default). {@code
 * -Dquorate.sim.seed=N} runs that one alone.
 */
class SimulationTest {
    private static final Long ONLY_SEED = Long.getLong("quorate.sim.seed");
    private static final long BUDGET_SECONDS = Long.getLong("quorate.sim.seconds", 15);
    private static final int FIXED_SEEDS = 120;
    private static final int TRACE_LINES = 60;

    @Test
    void seedsThatAreAlwaysTheSame() {
        if (ONLY_SEED != null) {
            run(ONLY_SEED, new Census());
            return;
        }
        Census census = new Census();
        for (long seed = 1; seed <= FIXED_SEEDS; seed++) {
            run(seed, census);
        }
        assertThat(census.leaders()).as("leaders elected").isGreaterThan(10 * FIXED_SEEDS);
        assertThat(census.applied()).as("entries applied").isGreaterThan(500 * FIXED_SEEDS);
        assertThat(census.readsAnswered()).as("reads answered").isGreaterThan(50 * FIXED_SEEDS);
        assertThat(census.readsLost()).as("reads lost").isGreaterThan(FIXED_SEEDS);
        assertThat(census.snapshotsInstalled()).as("snapshots installed").isGreaterThan(FIXED_SEEDS);
        assertThat(census.restarts()).as("restarts").isGreaterThan(5 * FIXED_SEEDS);
    }

    @Test
    void freshSeeds() {
        if (ONLY_SEED != null) {
            return;
        }
        long start = System.nanoTime();
        long first = System.currentTimeMillis() * 1000;
        long seed = first;
        Census census = new Census();
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(BUDGET_SECONDS)) {
            run(seed++, census);
        }
        System.out.printf("simulation: %d fresh seeds from %d on held: %s%n", seed - first, first, census);
        assertThat(seed).as("the budget allows at least one seed").isGreaterThan(first);
    }

    private static void run(long seed, Census census) {
        try {
            new Simulation(seed, census, null).run();
        } catch (RuntimeException | AssertionError e) {
            fail(
                    "seed " + seed + " failed: " + e.getMessage()
                            + "\nreplay: ./mvnw -pl node/raft test -Dtest=SimulationTest" + " -Dquorate.sim.seed="
                            + seed + "\nits last steps:\n" + lastSteps(seed),
                    e);
        }
    }

    /** Runs the seed again, which takes the same way, and keeps its end. */
    private static String lastSteps(long seed) {
        Deque<String> steps = new ArrayDeque<>();
        try {
            new Simulation(seed, new Census(), step -> {
                        steps.add(step);
                        if (steps.size() > TRACE_LINES) {
                            steps.remove();
                        }
                    })
                    .run();
        } catch (RuntimeException | AssertionError e) {
            return String.join("\n", steps);
        }
        return "none: the seed did not fail again, so something in it is not deterministic";
    }
}
