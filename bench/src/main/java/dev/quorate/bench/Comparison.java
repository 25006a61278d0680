package dev.quorate.bench;

import dev.quorate.bench.contender.Cluster;
import dev.quorate.bench.contender.Contender;
import dev.quorate.bench.contender.Usage;
import dev.quorate.bench.report.Cell;
import dev.quorate.bench.report.Measurement;
import dev.quorate.bench.report.ToolFigure;
import dev.quorate.bench.report.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Measures systems side by side: round by round, and in each round one system after the other, each on a fresh cluster that is alone on the machine.
 */
final class Comparison {
    private static final int KEYS = 20_000;
    private static final int LOADERS = 256;
    private static final int KEY_BYTES = 16;
    /** Writes that a system puts off on purpose, by a timer, are not a backlog: etcd commits its database every 100 ms. */
    private static final double TIMER_SECONDS = 0.25;

    private static final long POLL_MILLIS = 20;
    private static final int QUIET_POLLS = 15;
    private static final long REST_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);

    /**
     * What is done with each system in each round.
     *
     * @param callers in this order; the most first, so that JIT compilers are done when few callers show the latency
     * @param loadMillis how long a fresh cluster is loaded with writes and reads before the first measurement
     * @param loadMillisOfJit the same for systems that a JIT compiler compiles
     * @param warmUpMillis before each measurement
     * @param millis of each measurement
     * @param notes whether to add, in the first round, what strace and the systems' own benchmarks say
     */
    record Plan(
            List<Workload> workloads,
            List<Integer> callers,
            int valueBytes,
            int rounds,
            long loadMillis,
            long loadMillisOfJit,
            long warmUpMillis,
            long millis,
            boolean notes) {}

    /** Told when a measured phase begins and ends. */
    interface Probe {
        void begin(Cluster cluster, Cell cell) throws IOException, InterruptedException;

        void end(Cluster cluster, Cell cell) throws IOException, InterruptedException;
    }

    /**
     * What came of it.
     *
     * @param toolFigures what the systems' own benchmarks say
     * @param notes on each system, in words
     */
    record Outcome(List<Measurement> measurements, List<ToolFigure> toolFigures, List<String> notes) {}

    private final Plan plan;
    private final Probe probe;
    private final Consumer<String> progress;

    Comparison(Plan plan, Probe probe, Consumer<String> progress) {
        this.plan = plan;
        this.probe = probe;
        this.progress = progress;
    }

    Outcome run(List<Contender> contenders, Path work) throws IOException, InterruptedException {
        Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int round = 1; round <= plan.rounds(); round++) {
            boolean first = round == 1;
            for (Contender contender : contenders.stream()
                    .filter(one -> first || !one.forOrientation())
                    .toList()) {
                progress.accept("round " + round + "/" + plan.rounds() + ": " + contender.name());
                try (WorkDirectory directory = WorkDirectory.create(work)) {
                    measure(contender, directory.path(), first, outcome);
                }
            }
        }
        return outcome;
    }

    private void measure(Contender contender, Path directory, boolean withNotes, Outcome outcome)
            throws IOException, InterruptedException {
        try (Cluster cluster = contender.start(directory);
                LoadProcess load = new LoadProcess(cluster.loadCommand())) {
            load.load(
                    KEYS,
                    plan.valueBytes(),
                    LOADERS,
                    contender.compiledJustInTime() ? plan.loadMillisOfJit() : plan.loadMillis());
            awaitRest(cluster, System.nanoTime()); // as it does after each measurement
            for (Workload workload : plan.workloads()) {
                for (int callers : plan.callers()) {
                    Measurement one =
                            measure(cluster, load, new Cell(contender.name(), workload, callers, plan.valueBytes()));
                    progress.accept(describe(one));
                    outcome.measurements().add(one);
                }
            }
            if (withNotes && plan.notes()) {
                note(contender.name(), cluster, load, directory, outcome);
            }
        }
    }

    private void note(String system, Cluster cluster, LoadProcess load, Path directory, Outcome outcome)
            throws IOException, InterruptedException {
        List<String> notes = outcome.notes();
        if (FsyncCount.possible()) {
            notes.add(system + ": fsync and fdatasync calls of each member in a second, 64 callers writing (strace): "
                    + FsyncCount.measure(cluster, load, directory));
        }
        outcome.toolFigures().addAll(OwnTools.run(system, cluster, missing -> notes.add(system + ": " + missing)));
        awaitRest(cluster, System.nanoTime());
        notes.add("%s: wrote %.1f MiB more when it was stopped".formatted(system, cluster.stop() / 1048576.0));
    }

    private Measurement measure(Cluster cluster, LoadProcess load, Cell cell) throws IOException, InterruptedException {
        load.begin(cell.workload().label(), cell.callers(), plan.warmUpMillis(), plan.millis());
        Usage before = cluster.usage();
        Usage clientBefore = load.usage();
        probe.begin(cluster, cell);
        LoadProcess.Answer answer = load.end();
        long end = System.nanoTime();
        Usage client = load.usage().since(clientBefore);
        probe.end(cluster, cell);
        double backlogSeconds = Math.max(0, awaitRest(cluster, end) - TIMER_SECONDS);
        Usage servers = cluster.usage().since(before);
        double per100k = 100_000.0 / Math.max(1, answer.operations());
        double acknowledgedBytes = (double) answer.operations() * (KEY_BYTES + cell.valueBytes());
        return new Measurement(
                cell,
                answer.operations() / (answer.seconds() + backlogSeconds),
                answer.p50(),
                answer.p99(),
                answer.p999(),
                servers.cpuSeconds() * per100k,
                client.cpuSeconds() * per100k,
                cell.workload() == Workload.WRITE ? servers.writtenBytes() / Math.max(1, acknowledgedBytes) : 0,
                answer.failures());
    }

    /** Waits until the members write no more. Returns when they last did, in seconds after a moment. */
    private static double awaitRest(Cluster cluster, long sinceNanos) throws InterruptedException {
        long written = cluster.usage().writtenBytes();
        long lastNanos = sinceNanos;
        int quiet = 0;
        while (quiet < QUIET_POLLS && System.nanoTime() - sinceNanos < REST_TIMEOUT_NANOS) {
            Thread.sleep(POLL_MILLIS);
            long now = cluster.usage().writtenBytes();
            if (now == written) {
                quiet++;
            } else {
                quiet = 0;
                written = now;
                lastNanos = System.nanoTime();
            }
        }
        return (lastNanos - sinceNanos) / 1e9;
    }

    private static String describe(Measurement one) {
        return "  %s %d callers: %,.0f/s p50 %,.0f us p99 %,.0f us, CPU %.2f s/100k (client %.2f), written/byte %.2f%s"
                .formatted(
                        one.cell().workload().label(),
                        one.cell().callers(),
                        one.throughputPerSecond(),
                        one.p50Micros(),
                        one.p99Micros(),
                        one.cpuSecondsPer100k(),
                        one.clientCpuSecondsPer100k(),
                        one.writtenPerByte(),
                        one.failures() == 0 ? "" : ", " + one.failures() + " FAILED");
    }
}
