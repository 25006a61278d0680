package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.nemesis.Report;
import dev.quorate.cli.nemesis.Summary;
import dev.quorate.cli.nemesis.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What {@code quorate soak --processes} does to processes, done to pods: clients of both kinds use the same keys, and afterwards every acknowledged write is
 * there, counters are exact, histories linearizable, replicas equal, and each shard has one home ({@link LoadPod}).
 *
 * <p>{@code -Dquorate.test.seed=N} repeats a schedule, timing aside; {@code -Dquorate.nemesis.seconds=N} makes it longer, in rounds.
 */
class NemesisIT {
    private static final long SEED = Long.getLong("quorate.test.seed", 394651061);
    private static final long SECONDS = Long.getLong("quorate.nemesis.seconds", 60);
    private static final long ROUND_SECONDS = 60;

    @Test
    void anOperatorThatIsKilledAtEachStepOfAMoveFailsNoOperation() {
        Demo demo = Demo.shared(2);
        long startNanos = System.nanoTime();
        Report report;
        int kills;
        try (LoadPod load = LoadPod.start(demo, "hunted-" + SEED, SEED);
                OperatorHunt hunt = new OperatorHunt(demo)) {
            kills = hunt.run(2, 3);
            report = load.verify();
        }
        demo.awaitBalanced(2);
        System.out.println(summary(List.of(report), Map.of("kill operator", kills), startNanos));
        assertThat(report.clients())
                .allSatisfy(client -> assertThat(client.failed() + client.unknown())
                        .as(client.words() + " " + client.troubles())
                        .isZero());
    }

    @Test
    void faultsOfPodsProcessesAndNetworkLoseAndDoubleNothing() throws InterruptedException {
        Rig.step(
                "replay (timing aside) with ./mvnw verify -Pe2e -Dquorate.skip.unit -Dit.test=NemesisIT -Dquorate.test.seed="
                        + SEED + " -Dquorate.nemesis.seconds=" + SECONDS);
        Demo demo = Demo.shared(2);
        long startNanos = System.nanoTime();
        PodFaults faults = new PodFaults(demo, 3);
        List<Report> reports = new ArrayList<>();
        long leftSeconds = SECONDS;
        for (long round = SEED; leftSeconds > 0; round++) {
            long seconds = Math.min(leftSeconds, ROUND_SECONDS);
            leftSeconds -= seconds;
            try (LoadPod load = LoadPod.start(demo, "round-" + round, round)) {
                if (reports.isEmpty()) {
                    scaleUntilShardsMove(demo);
                }
                faults.bring(round, TimeUnit.SECONDS.toMillis(seconds));
                Rig.step("faults are over");
                demo.awaitBalanced(faults.groups());
                reports.add(load.verify());
            }
        }
        System.out.println(summary(reports, faults.done(), startNanos));
        assertThat(errorsLogged(demo, startNanos)).isEmpty();
        assertThat(faults.done().values().stream().mapToInt(Integer::intValue).sum())
                .isGreaterThan((int) SECONDS / 10);
    }

    /** So that moves are under way when faults begin. */
    private static void scaleUntilShardsMove(Demo demo) {
        demo.scale(3);
        Await.until(
                "a third group that has a shard",
                Duration.ofSeconds(120),
                () -> demo.rig.diagnosis(demo.namespace),
                () -> demo.groupNames().size() == 3 && demo.shardsOf(demo.lastGroup()) > 0);
    }

    /** What members say that goes wrong with their data, or with themselves; the members that are left. */
    private static List<String> errorsLogged(Demo demo, long sinceNanos) {
        return demo.rig
                .kubectl(
                        "logs",
                        "-n",
                        demo.namespace,
                        "-l",
                        "quorate.dev/cluster=" + demo.name + ",quorate.dev/group",
                        "--prefix",
                        "--tail=-1",
                        "--max-log-requests=20",
                        "--since=" + seconds(sinceNanos) + "s")
                .lines()
                .filter(line -> line.contains(" ERROR "))
                .toList();
    }

    private static long seconds(long sinceNanos) {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - sinceNanos);
    }

    private static String summary(List<Report> reports, Map<String, Integer> faults, long startNanos) {
        Map<String, Tally> clients = new TreeMap<>();
        reports.forEach(report -> report.clients().forEach(tally -> clients.merge(tally.kind(), tally, Tally::plus)));
        return new Summary(
                        SEED,
                        List.copyOf(clients.values()),
                        reports.stream()
                                .mapToLong(Report::acknowledgedInLedgers)
                                .sum(),
                        faults,
                        reports.stream().mapToLong(Report::moves).sum(),
                        seconds(startNanos))
                .words();
    }
}
