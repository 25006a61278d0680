package dev.quorate.bench;

import dev.quorate.bench.contender.Checkout;
import dev.quorate.bench.contender.Member;
import dev.quorate.bench.contender.Quorate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What backup tasks (section 3.6 of the paper) bring when one of four equal workers is ten times as slow as the others: the same job undisturbed, with the slow worker, and with the
 * slow worker but without backups. Tasks sleep instead of computing, so that it does not matter how many processors there are.
 */
@Command(
        description = "MapReduce with one of four workers slowed tenfold, with and without backup tasks.",
        mixinStandardHelpOptions = true)
final class BackupTasksCommand extends SpecialCommand {
    private static final int WORKERS = 4;
    private static final int SLOWER = 10;
    private static final int HEAP_MEBIBYTES = 128;
    private static final String SLEEPING = "cat; sleep $NAP";

    @Option(names = "--maps", description = "Map tasks (40).")
    int maps = 40;

    @Option(names = "--reduces", description = "Reduce tasks (8).")
    int reduces = 8;

    @Option(names = "--task-seconds", description = "What each task takes (1.5).")
    double taskSeconds = 1.5;

    @Override
    String measure(Quorate.Running cluster) throws Exception {
        double undisturbed = run(cluster, "undisturbed", 1, List.of());
        double withBackups = run(cluster, "with", SLOWER, List.of());
        double without = run(cluster, "without", SLOWER, List.of("--no-backups"));
        return String.format(
                Locale.ROOT,
                "{\"maps\":%d,\"reduces\":%d,\"task_s\":%.1f,\"undisturbed_s\":%.1f,\"slow_with_backups_s\":%.1f,\"ratio\":%.2f,"
                        + "\"slow_without_backups_s\":%.1f,\"ratio_without\":%.2f}",
                maps,
                reduces,
                taskSeconds,
                undisturbed,
                withBackups,
                withBackups / undisturbed,
                without,
                without / undisturbed);
    }

    private double run(Quorate.Running cluster, String job, int slower, List<String> coordinating) throws Exception {
        try (WorkDirectory directory = WorkDirectory.create(Checkout.here().work());
                JobProcesses processes = new JobProcesses(directory.path())) {
            List<String> where = List.of("--job", job, "--grpc", JobProcesses.seeds(cluster.grpcAddresses()));
            processes
                    .start(HEAP_MEBIBYTES, Map.of(), joined("submit", where, described(directory.path())))
                    .await();
            for (int i = 0; i < WORKERS; i++) {
                double nap = i == 0 ? taskSeconds * slower : taskSeconds;
                processes.start(
                        HEAP_MEBIBYTES,
                        Map.of("NAP", String.valueOf(nap)),
                        joined(
                                "worker",
                                where,
                                List.of("--temporary", directory.path().toString())));
            }
            long start = System.nanoTime();
            Member coordinator = processes.start(HEAP_MEBIBYTES, Map.of(), joined("coordinator", where, coordinating));
            coordinator.await();
            return millisSince(start) / 1000;
        }
    }

    /** Each map has a file of its own. */
    private List<String> described(Path directory) throws Exception {
        Path input = Files.createDirectory(directory.resolve("in"));
        for (int i = 0; i < maps; i++) {
            Files.writeString(input.resolve("file-%04d".formatted(i)), "line " + i + "\n");
        }
        return List.of(
                "--map-command",
                SLEEPING,
                "--reduce-command",
                SLEEPING,
                "--reducers",
                String.valueOf(reduces),
                "--sort-buffer",
                "4",
                "--input",
                input.toString(),
                "--output",
                directory.resolve("out").toString());
    }

    private static List<String> joined(String command, List<String> where, List<String> more) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(where);
        all.addAll(more);
        return all;
    }
}
