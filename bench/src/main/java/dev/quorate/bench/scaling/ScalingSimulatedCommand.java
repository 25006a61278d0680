package dev.quorate.bench.scaling;

import dev.quorate.bench.scaling.ScalingModel.Layout;
import dev.quorate.bench.scaling.ScalingModel.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Throughput against the number of groups, simulated: the product's own core, state machine and rules of moves on machines, disks and networks that there are not
 * enough of here. What work takes is from docs/measured.md; how it queues and batches is what the simulation finds.
 */
@Command(
        name = "scaling-simulated",
        description = "Throughput against the number of groups, by simulation: on more machines than there are here.",
        mixinStandardHelpOptions = true)
public final class ScalingSimulatedCommand implements Callable<Integer> {
    /** Each would tell that it was opened. */
    private static final Logger STORES = Logger.getLogger("dev.quorate.store");

    private static final String ROW = "%-15s %6s %8s %11s %10s %8s %8s  %s%n";

    @Option(names = "--groups", split = ",", defaultValue = "1,2,4,8,16", description = "How many (${DEFAULT-VALUE}).")
    private List<Integer> groups;

    @Option(names = "--callers", defaultValue = "512", description = "Of each group (${DEFAULT-VALUE}).")
    private int callers;

    @Option(names = "--millis", defaultValue = "1000", description = "Simulated time (${DEFAULT-VALUE}).")
    private int millis;

    @Option(names = "--sync-micros", defaultValue = "300", description = "Of a disk, for a sync (${DEFAULT-VALUE}).")
    private long syncMicros;

    @Option(
            names = "--network-micros",
            defaultValue = "50",
            description = "From machine to machine (${DEFAULT-VALUE}).")
    private long networkMicros;

    @Option(names = "--seed", defaultValue = "1", description = "Of all chance (${DEFAULT-VALUE}).")
    private long seed;

    @Override
    public Integer call() {
        STORES.setLevel(Level.WARNING);
        System.out.printf(ROW, "layout", "groups", "callers", "writes/s", "efficiency", "p50 ms", "p99 ms", "busiest");
        for (Layout layout : Layout.values()) {
            double ofOne = 0;
            for (int count : groups) {
                Outcome outcome = new ScalingModel(Costs.measured(syncMicros, networkMicros), count, layout, seed)
                        .run(callers, TimeUnit.MILLISECONDS.toNanos(millis));
                ofOne = ofOne == 0 ? outcome.perSecond() / count : ofOne;
                print(layout, count, outcome, outcome.perSecond() / count / ofOne);
            }
        }
        return 0;
    }

    private void print(Layout layout, int count, Outcome outcome, double efficiency) {
        System.out.printf(
                ROW,
                layout.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                count,
                callers * count,
                "%,.0f".formatted(outcome.perSecond()),
                "%.2f".formatted(efficiency),
                "%.2f".formatted(outcome.p50Millis()),
                "%.2f".formatted(outcome.p99Millis()),
                "%s %.0f %%; the map is read %.1f times/s"
                        .formatted(outcome.busiest(), 100 * outcome.busy(), outcome.mapReadsPerSecond()));
    }
}
