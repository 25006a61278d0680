package dev.quorate.bench;

import dev.quorate.bench.contender.Checkout;
import dev.quorate.bench.contender.Member;
import dev.quorate.bench.contender.Quorate;
import dev.quorate.bench.contender.Usage;
import dev.quorate.client.KvClient;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.table.ClusterStore;
import dev.quorate.mapreduce.table.JobTable;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a coordinator needs for a job of many tasks: its own process, a cluster for its table, and workers that only talk. */
@Command(
        description = "Memory and processor time of a MapReduce coordinator with 10,000 maps and 200 reduces.",
        mixinStandardHelpOptions = true)
final class ManyTasksCommand extends SpecialCommand {
    private static final String JOB = "many";

    @Option(names = "--maps", description = "Map tasks (10000).")
    int maps = 10_000;

    @Option(names = "--reduces", description = "Reduce tasks (200).")
    int reduces = 200;

    @Option(names = "--workers", description = "Workers (20).")
    int workers = 20;

    @Option(names = "--slots", description = "Tasks at a time of each worker (4).")
    int slots = 4;

    @Option(names = "--task-millis", description = "What each task takes (1000).")
    long taskMillis = 1000;

    @Option(names = "--heap", description = "Of the coordinator, in MiB (128).")
    int heapMebibytes = 128;

    @Override
    String measure(Quorate.Running cluster) throws Exception {
        try (WorkDirectory directory = WorkDirectory.create(Checkout.here().work());
                JobProcesses processes = new JobProcesses(directory.path());
                KvClient client = client(cluster)) {
            JobTable table = new JobTable(new ClusterStore(client), JOB);
            table.submit(spec(directory.path()));
            String seeds = JobProcesses.seeds(cluster.grpcAddresses());
            Member coordinator =
                    processes.start(heapMebibytes, Map.of(), List.of("coordinator", "--job", JOB, "--grpc", seeds));
            while (table.coordinator().isEmpty()) {
                coordinator.requireAlive();
                Thread.sleep(50);
            }
            return run(table.coordinator().orElseThrow().address(), coordinator);
        }
    }

    private JobSpec spec(Path directory) {
        return new JobSpec(
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "hash",
                List.of(String.valueOf(maps)),
                ManySplits.class.getName(),
                directory.resolve("out"),
                "text",
                reduces,
                32 << 20,
                1 << 20,
                0,
                Optional.empty());
    }

    private String run(String address, Member coordinator) throws Exception {
        Usage before = coordinator.usage();
        long start = System.nanoTime();
        long residentBytes = 0;
        Usage used = before;
        try (HttpClient http = HttpClient.newHttpClient();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                SimulatedWorker worker = new SimulatedWorker(http, address, "worker-" + i, slots, taskMillis);
                all.add(threads.submit(worker::call));
            }
            // who hears of the end too late finds the coordinator gone
            while (!all.stream().allMatch(Future::isDone)) {
                Usage now = coordinator.usage();
                if (now.residentBytes() > 0) {
                    used = now;
                    residentBytes = Math.max(residentBytes, now.residentBytes());
                }
                Thread.sleep(100);
            }
        }
        double seconds = millisSince(start) / 1000;
        double cpuSeconds = used.since(before).cpuSeconds();
        return String.format(
                Locale.ROOT,
                "{\"maps\":%d,\"reduces\":%d,\"workers\":%d,\"slots\":%d,\"task_ms\":%d,\"seconds\":%.1f,\"tasks_per_s\":%.0f,"
                        + "\"cpu_s\":%.1f,\"cores\":%.3f,\"resident_mib\":%d,\"heap_limit_mib\":%d}",
                maps,
                reduces,
                workers,
                slots,
                taskMillis,
                seconds,
                (maps + reduces) / seconds,
                cpuSeconds,
                cpuSeconds / seconds,
                residentBytes >> 20,
                heapMebibytes);
    }
}
