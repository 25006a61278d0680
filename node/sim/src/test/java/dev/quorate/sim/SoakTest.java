package dev.quorate.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Seeds that are always the same, and fresh ones for a time ({@code -Dquorate.sim.seconds=N}, 10 by default, on {@code -Dquorate.sim.threads=N}
 * threads, 1 by default). For longer runs there is {@code ./quorate soak}.
 */
class SoakTest {
    private static final long SECONDS = Long.getLong("quorate.sim.seconds", 10);
    private static final int THREADS = Integer.getInteger("quorate.sim.threads", 1);
    private static final int FIXED_SEEDS = 60;

    @Test
    void seedsThatAreAlwaysTheSame() {
        Census census = hold(new Soak(1, THREADS).forSeeds(FIXED_SEEDS));
        assertThat(census.leaders()).as("leaders elected").isGreaterThan(5 * FIXED_SEEDS);
        assertThat(census.applied()).as("entries applied").isGreaterThan(300 * FIXED_SEEDS);
        assertThat(census.answers()).as("answers").isGreaterThan(100 * FIXED_SEEDS);
        assertThat(census.readsLost()).as("reads given up").isPositive();
        assertThat(census.snapshotsInstalled()).as("snapshots installed").isPositive();
        assertThat(census.starts()).as("processes started").isGreaterThan(5 * FIXED_SEEDS);
    }

    @Test
    void freshSeeds() {
        Census census =
                hold(new Soak(System.currentTimeMillis() * 1000, THREADS).forNanos(TimeUnit.SECONDS.toNanos(SECONDS)));
        assertThat(census.runs()).as("the time allows for at least one seed").isPositive();
    }

    private static Census hold(Soak.Result result) {
        if (result.failure() != null) {
            fail(
                    result.failure().describe() + "\nits last steps:\n"
                            + result.failure().trace(),
                    result.failure().cause());
        }
        System.out.printf(
                "simulation: %s; %.0f simulated seconds a second; %s%n",
                result.summary(), result.rate(), result.census());
        return result.census();
    }

    @Test
    void theSameSeedTakesTheSameWay() {
        for (long seed = 1; seed <= 5; seed++) {
            Scenario scenario = Scenario.draw(seed);
            assertThat(digest(scenario)).isEqualTo(digest(scenario));
        }
    }

    private static long digest(Scenario scenario) {
        Simulation simulation = new Simulation(scenario, null);
        simulation.run();
        return simulation.census().digest();
    }
}
