package dev.quorate.sim.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.sim.Soak;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs all mutants on fresh seeds, on as many processes as there are cores, within one budget for all of them ({@code -Dquorate.mutation.seconds=N}, 600 by
 * default). Each first gets a short time; what is left of the budget is for those that were not caught then. A mutant is caught by a seed that fails with it
 * and holds without it. {@code -Dquorate.mutation.only=NAME,...} runs these alone.
 */
class MutationProof {
    private static final long BUDGET_SECONDS = Long.getLong("quorate.mutation.seconds", 600);
    private static final String ONLY = System.getProperty("quorate.mutation.only", "");
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int FIRST_SECONDS = 10;
    /** A process that does not end so long after its time is stuck. */
    private static final int GRACE_SECONDS = 30;

    private static final Mutant CONTROL = new Mutant("none", "the control: nothing is removed", List.of());

    @TempDir
    Path directory;

    private final long startNanos = System.nanoTime();
    private final long firstSeed = System.currentTimeMillis() * 1000;

    /** What became of a mutant so far. */
    private static final class Trial {
        final Mutant mutant;
        String classPath;
        long seeds;
        double seconds;
        long caughtBySeed;
        String caughtBy = "";

        Trial(Mutant mutant) {
            this.mutant = mutant;
        }

        boolean isCaught() {
            return !caughtBy.isEmpty();
        }
    }

    @Test
    void theSimulatorCatchesEveryMutant() throws Exception {
        List<Trial> trials;
        try (ExecutorService processes = Executors.newFixedThreadPool(CORES)) {
            trials = prepareAll(processes);
            runAll(processes, trials, FIRST_SECONDS);
            for (List<Trial> left = uncaught(trials); !left.isEmpty(); left = uncaught(trials)) {
                long rounds = Math.ceilDiv(left.size(), CORES);
                long seconds = Math.min(60, (BUDGET_SECONDS - elapsedSeconds()) / rounds);
                if (seconds < 1) {
                    break;
                }
                runAll(processes, left, seconds);
            }
        }
        String table = table(trials);
        System.out.println(table);
        Files.writeString(Path.of("target", "mutations.md"), table);

        assertThat(trials.getFirst().caughtBy).as("the control must hold").isEmpty();
        assertThat(uncaught(trials).stream().map(trial -> trial.mutant.name()))
                .as(
                        "mutants that nothing noticed within %d s: the simulator lacks a fault or an invariant",
                        BUDGET_SECONDS)
                .isEmpty();
        for (Trial trial : trials.subList(1, trials.size())) {
            assertThat(new Soak(trial.caughtBySeed, 1).forSeeds(1).failure())
                    .as("seed %d, which caught %s, without the mutant", trial.caughtBySeed, trial.mutant.name())
                    .isNull();
        }
    }

    private List<Trial> uncaught(List<Trial> trials) {
        return trials.stream()
                .filter(trial -> trial.mutant != CONTROL && !trial.isCaught())
                .toList();
    }

    private long elapsedSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos);
    }

    /** The control first. */
    private List<Trial> prepareAll(ExecutorService threads) throws Exception {
        List<Callable<Trial>> prepared = new ArrayList<>();
        prepared.add(() -> prepare(CONTROL));
        for (Mutant mutant : Mutant.all()) {
            if (ONLY.isEmpty() || List.of(ONLY.split(",")).contains(mutant.name())) {
                prepared.add(() -> prepare(mutant));
            }
        }
        List<Trial> trials = new ArrayList<>();
        for (Future<Trial> trial : threads.invokeAll(prepared)) {
            trials.add(trial.get());
        }
        return trials;
    }

    private Trial prepare(Mutant mutant) throws IOException {
        SourceCopy copy = new SourceCopy(directory.resolve(mutant.name()));
        mutant.apply(copy);
        Trial trial = new Trial(mutant);
        trial.classPath = mutant == CONTROL ? SourceCopy.CLASS_PATH : copy.compile() + ":" + SourceCopy.CLASS_PATH;
        return trial;
    }

    private void runAll(ExecutorService processes, List<Trial> trials, long seconds) throws Exception {
        List<Callable<Void>> runs = new ArrayList<>();
        for (Trial trial : trials) {
            runs.add(() -> {
                run(trial, seconds);
                return null;
            });
        }
        for (Future<Void> run : processes.invokeAll(runs)) {
            run.get();
        }
    }

    private void run(Trial trial, long seconds) throws IOException, InterruptedException {
        Path log = directory.resolve(trial.mutant.name() + ".log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        trial.classPath,
                        MutantRun.class.getName(),
                        Long.toString(firstSeed + trial.seeds),
                        Long.toString(seconds))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        String[] result = Files.readAllLines(log).stream()
                .filter(line -> line.startsWith(MutantRun.RESULT))
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("mutant " + trial.mutant.name() + " came to no result:\n" + read(log)))
                .split("\t", -1);
        trial.seeds += Long.parseLong(result[1]);
        trial.seconds += Double.parseDouble(result[2]);
        trial.caughtBySeed = result[3].isEmpty() ? 0 : Long.parseLong(result[3]);
        trial.caughtBy = result[4];
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String table(List<Trial> trials) {
        StringBuilder table = new StringBuilder(
                "| mutant | guard that it removes | caught by | seeds | seconds |\n|---|---|---|---|---|\n");
        trials.stream()
                .sorted(Comparator.comparing(trial -> trial.mutant != CONTROL))
                .forEach(trial -> table.append("| %s | %s | %s | %d | %.1f |\n"
                        .formatted(
                                trial.mutant.name(),
                                trial.mutant.guard(),
                                trial.isCaught() ? trial.caughtBy : "-",
                                trial.seeds,
                                trial.seconds)));
        table.append("\nAll together: %d s on %d cores.\n".formatted(elapsedSeconds(), CORES));
        return table.toString();
    }
}
