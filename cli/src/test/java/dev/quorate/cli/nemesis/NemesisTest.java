package dev.quorate.cli.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** As {@code quorate soak --processes}, which CI runs; by itself only when it is told how long, since it takes the whole machine. */
@EnabledIfSystemProperty(
        named = "quorate.nemesis.seconds",
        matches = "\\d+",
        disabledReason = "say how long with -Dquorate.nemesis.seconds=N")
class NemesisTest {
    private static final long SECONDS = Long.getLong("quorate.nemesis.seconds", 0);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    @Timeout(value = 6, unit = TimeUnit.HOURS)
    void faultsOfProcessesLoseAndDoubleNothing() throws Exception {
        long seed = Long.getLong("quorate.test.seed", new Random().nextInt(Integer.MAX_VALUE));
        String replay = "./mvnw -pl cli -am test -Dtest=NemesisTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dquorate.test.seed=" + seed + " -Dquorate.nemesis.seconds=" + SECONDS;
        System.out.println("NemesisTest: replay (processes and timing aside) with " + replay);
        Summary summary;
        try {
            summary = new Nemesis(seed, TimeUnit.SECONDS.toMillis(SECONDS), directory).run();
        } catch (Violation e) {
            throw new AssertionError(
                    e.getMessage() + "\nthe cluster's folder stays: " + directory + "\nreplay with " + replay, e);
        }
        System.out.println(summary.words());
        assertThat(summary.operations()).isGreaterThan(1_000);
        assertThat(summary.faultCount()).isGreaterThan(SECONDS / 4);
    }
}
