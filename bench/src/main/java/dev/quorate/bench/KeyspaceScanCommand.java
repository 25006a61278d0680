package dev.quorate.bench;

import dev.quorate.bench.contender.Checkout;
import dev.quorate.bench.contender.Member;
import dev.quorate.bench.contender.Quorate;
import dev.quorate.client.KvClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a job that reads a whole keyspace at the default rate does to the latency of other clients: reads and writes at a fixed rate, while jobs run and between them, in turns. It begins
 * when the members have got over the loading of the data. A call that starts late because the one before it was slow counts from when it should have started.
 */
@Command(
        description = "Foreground latency while a MapReduce job reads the keyspace at the default rate.",
        mixinStandardHelpOptions = true)
final class KeyspaceScanCommand extends SpecialCommand {
    private static final int VALUE_BYTES = 1024;
    private static final int LOADERS = 32;
    private static final int CALLERS = 16;
    private static final int HEAP_MEBIBYTES = 256;

    @Option(names = "--mebibytes", description = "How much data there is (128).")
    int mebibytes = 128;

    @Option(names = "--rate", description = "Foreground operations a second, half of them writes (500).")
    int rate = 500;

    @Option(names = "--seconds", description = "Of each of the quiet periods, and of the load before the first (30).")
    int quietSeconds = 30;

    @Option(names = "--jobs", description = "How many jobs run, each after a quiet period (3).")
    int jobs = 3;

    @Override
    String measure(Quorate.Running cluster) throws Exception {
        int values = (int) (((long) mebibytes << 20) / VALUE_BYTES);
        try (WorkDirectory directory = WorkDirectory.create(Checkout.here().work());
                JobProcesses processes = new JobProcesses(directory.path());
                KvClient client = client(cluster)) {
            load(client, values);
            latencies(client, values, this::rest);
            Histogram quiet = new Histogram(3);
            Histogram during = new Histogram(3);
            double jobsSeconds = 0;
            for (int job = 0; job < jobs; job++) {
                quiet.add(latencies(client, values, this::rest));
                Path output = directory.path().resolve("out-" + job);
                long start = System.nanoTime();
                during.add(latencies(client, values, () -> scan(processes, cluster, output)));
                jobsSeconds += millisSince(start) / 1000;
            }
            return String.format(
                    Locale.ROOT,
                    "{\"mebibytes\":%d,\"rate\":%d,\"jobs\":%d,\"job_s\":%.1f,\"quiet\":%s,\"during\":%s,\"p99_ratio\":%.2f}",
                    mebibytes,
                    rate,
                    jobs,
                    jobsSeconds / jobs,
                    json(quiet),
                    json(during),
                    (double) during.getValueAtPercentile(99) / quiet.getValueAtPercentile(99));
        }
    }

    private void rest() throws InterruptedException {
        TimeUnit.SECONDS.sleep(quietSeconds);
    }

    private static void scan(JobProcesses processes, Quorate.Running cluster, Path output) throws Exception {
        Member job = processes.start(
                HEAP_MEBIBYTES,
                Map.of(),
                List.of(
                        "run",
                        "--local",
                        "--workers",
                        "2",
                        "--keyspace",
                        JobProcesses.seeds(cluster.grpcAddresses()) + "/",
                        "--map-command",
                        "wc -l",
                        "--output",
                        output.toString()));
        job.await();
    }

    private static String json(Histogram micros) {
        return String.format(
                Locale.ROOT,
                "{\"calls\":%d,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.1f}",
                micros.getTotalCount(),
                micros.getValueAtPercentile(50) / 1000.0,
                micros.getValueAtPercentile(99) / 1000.0,
                micros.getMaxValue() / 1000.0);
    }

    private static void load(KvClient client, int values) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int loader = 0; loader < LOADERS; loader++) {
                int first = loader;
                threads.execute(() -> {
                    for (int i = first; i < values; i += LOADERS) {
                        client.put(key(i), new byte[VALUE_BYTES]);
                    }
                });
            }
        }
    }

    /** Something that takes its time. */
    @FunctionalInterface
    private interface Period {
        void pass() throws Exception;
    }

    /** Of all calls that are made while a period passes. */
    private Histogram latencies(KvClient client, int values, Period period) throws Exception {
        Histogram micros = new ConcurrentHistogram(3);
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < CALLERS; caller++) {
                int number = caller;
                threads.execute(() -> call(client, values, number, over, micros));
            }
            try {
                period.pass();
            } finally {
                over.set(true);
            }
        }
        return micros;
    }

    private void call(KvClient client, int values, int number, AtomicBoolean over, Histogram micros) {
        long everyNanos = TimeUnit.SECONDS.toNanos(1) * CALLERS / rate;
        long dueNanos = System.nanoTime() + everyNanos * number / CALLERS;
        for (int i = number; !over.get(); i += CALLERS) {
            sleepUntil(dueNanos);
            byte[] key = key((int) (i * 7919L % values));
            if (i / CALLERS % 2 == 0) {
                client.put(key, new byte[VALUE_BYTES]);
            } else {
                client.get(key);
            }
            micros.recordValue((System.nanoTime() - dueNanos) / 1000);
            dueNanos += everyNanos;
        }
    }

    private static void sleepUntil(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
