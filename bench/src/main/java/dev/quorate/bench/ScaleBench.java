package dev.quorate.bench;

import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.local.LocalOptions;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.cli.writer.Verdict;
import dev.quorate.cli.writer.VerifiedWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;

/**
 * How long a third of the keys takes to move when two groups become three, and what a client notices of it: a cluster of this process, real logs with
 * fsync, real RocksDB, loopback TCP.
 *
 * <p>Prints one line of JSON.
 */
@Command(
        description = "Moves shards while a client writes: 2 -> 3 -> 1 groups in one process.",
        mixinStandardHelpOptions = true)
final class ScaleBench implements Callable<Integer> {
    private static final int LOADERS = 16;
    private static final long PATIENCE_MILLIS = 300_000;

    @Option(names = "--keys", description = "How many keys there are (100000).")
    int keys = 100_000;

    @Option(names = "--value-bytes", description = "Size of values (256).")
    int valueSizeBytes = 256;

    @Override
    public Integer call() throws Exception {
        LocalOptions options = LocalOptions.of("bench", 2, 3, 256);
        try (LocalCluster cluster = LocalCluster.open(options, System.err::println)) {
            cluster.start();
            Set<HostAndPort> seeds = cluster.awaitSettled(PATIENCE_MILLIS).addresses(MemberView::redis).stream()
                    .map(HostAndPort::from)
                    .collect(Collectors.toSet());
            double loadSeconds = load(seeds, keys, valueSizeBytes);
            try (VerifiedWriter writer =
                    new VerifiedWriter(new VerifiedWriter.Settings(seeds, "writer", 4, 500, valueSizeBytes, 5))) {
                writer.start();
                double outSeconds = scale(cluster, 3);
                double inSeconds = scale(cluster, 1);
                Verdict verdict = writer.stopAndVerify();
                System.out.printf(
                        Locale.ROOT,
                        "{\"keys\":%d,\"value_bytes\":%d,\"load_s\":%.1f,\"scale_2_to_3_s\":%.1f,\"scale_3_to_1_s\":%.1f,\"writer\":%s}%n",
                        keys,
                        valueSizeBytes,
                        loadSeconds,
                        outSeconds,
                        inSeconds,
                        verdict.toJson());
            }
        }
        return 0;
    }

    private static double scale(LocalCluster cluster, int groups) throws Exception {
        long start = System.nanoTime();
        cluster.scale(groups);
        cluster.awaitSettled(PATIENCE_MILLIS);
        return secondsSince(start);
    }

    private static double load(Set<HostAndPort> seeds, int keys, int valueSizeBytes) throws InterruptedException {
        long start = System.nanoTime();
        String value = "v".repeat(valueSizeBytes);
        try (RedisClusterClient jedis = RedisClusterClient.create(seeds)) {
            List<Thread> loaders = new ArrayList<>();
            for (int loader = 0; loader < LOADERS; loader++) {
                int first = loader;
                loaders.add(Thread.ofPlatform().start(() -> {
                    for (int key = first; key < keys; key += LOADERS) {
                        jedis.set("key:" + key, value);
                    }
                }));
            }
            for (Thread loader : loaders) {
                loader.join();
            }
        }
        return secondsSince(start);
    }

    private static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
