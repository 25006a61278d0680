package dev.quorate.bench;

import dev.quorate.bench.contender.Member;
import dev.quorate.bench.contender.Quorate;
import dev.quorate.client.KvClient;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long a member, and then the whole group, takes to serve again after SIGKILL, with a gigabyte of data and whatever log an unclean stop leaves.
 */
@Command(
        description = "Restarts members that hold 1 GiB after SIGKILL: time to serving.",
        mixinStandardHelpOptions = true)
final class RestartCommand extends SpecialCommand {
    private static final int VALUE_BYTES = 4096;
    private static final int LOADERS = 64;
    private static final int RANDOM_BYTES = 1 << 20;

    @Option(names = "--mebibytes", description = "How much data there is (1024).")
    int mebibytes = 1024;

    @Override
    String measure(Quorate.Running cluster) throws Exception {
        int values = (int) (((long) mebibytes << 20) / VALUE_BYTES);
        long start = System.nanoTime();
        load(cluster, values);
        double loadSeconds = millisSince(start) / 1000;
        int leader = cluster.leader();
        double followerSeconds =
                restartOne(cluster, (leader + 1) % cluster.members().size());
        cluster.members().forEach(Member::kill);
        start = System.nanoTime();
        for (Member member : cluster.members()) {
            member.start();
        }
        try (KvClient client = client(cluster)) {
            client.get(key(values - 1)).orElseThrow();
            client.put(key(0), new byte[VALUE_BYTES]);
        }
        double groupSeconds = millisSince(start) / 1000;
        cluster.awaitReady();
        double allReadySeconds = millisSince(start) / 1000;
        return String.format(
                Locale.ROOT,
                "{\"mebibytes\":%d,\"load_s\":%.1f,\"follower_ready_s\":%.2f,\"group_serves_s\":%.2f,\"group_all_ready_s\":%.2f}",
                mebibytes,
                loadSeconds,
                followerSeconds,
                groupSeconds,
                allReadySeconds);
    }

    private static void load(Quorate.Running cluster, int values) {
        byte[] random = new byte[RANDOM_BYTES + VALUE_BYTES];
        new Random().nextBytes(random);
        AtomicInteger next = new AtomicInteger();
        try (KvClient client = client(cluster);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int loader = 0; loader < LOADERS; loader++) {
                threads.execute(() -> {
                    for (int i = next.getAndIncrement(); i < values; i = next.getAndIncrement()) {
                        byte[] value = new byte[VALUE_BYTES];
                        System.arraycopy(random, i * 31 & RANDOM_BYTES - 1, value, 0, VALUE_BYTES);
                        client.put(key(i), value);
                    }
                });
            }
        }
    }

    private static double restartOne(Quorate.Running cluster, int number) throws Exception {
        Member member = cluster.members().get(number);
        member.kill();
        long start = System.nanoTime();
        member.start();
        cluster.awaitReady();
        return millisSince(start) / 1000;
    }
}
