package dev.quorate.bench;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Runs the micro-benchmarks and prints a table: time and allocation for one entry. */
@Command(description = "Micro-benchmarks of the hot paths, with allocation.", mixinStandardHelpOptions = true)
final class MicroCommand implements Callable<Integer> {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Parameters(arity = "0..1", description = "A regular expression: only benchmarks whose name it is found in.")
    String pattern = "dev.quorate";

    @Override
    public Integer call() throws Exception {
        Options options = new OptionsBuilder()
                .include(pattern)
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .warmupIterations(4)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .forks(1)
                .addProfiler(GCProfiler.class)
                .jvmArgs(
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow")
                .build();
        StringBuilder table =
                new StringBuilder("| benchmark | ns per entry | bytes allocated per entry |\n|---|---|---|\n");
        for (RunResult run : new Runner(options).run()) {
            String name = run.getParams().getBenchmark();
            Result<?> allocated = run.getSecondaryResults().get(ALLOCATED);
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %.0f ± %.0f | %.1f |%n",
                    name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
                    run.getPrimaryResult().getScore(),
                    run.getPrimaryResult().getScoreError(),
                    allocated == null ? Double.NaN : allocated.getScore()));
        }
        System.out.println(table);
        return 0;
    }
}
