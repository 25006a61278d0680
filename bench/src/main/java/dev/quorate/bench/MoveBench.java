package dev.quorate.bench;

import dev.quorate.api.ShardMap;
import dev.quorate.bench.contender.Usage;
import dev.quorate.bench.load.Stalls;
import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.local.LocalOptions;
import dev.quorate.cli.local.PortRange;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.ClusterView.GroupView;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.client.RootClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;

/**
 * One large shard moves from one group of three processes to another and back: at first while nothing else happens, then while clients write to it and
 * to a shard that stays.
 *
 * <p>Prints one line of JSON.
 */
@Command(
        description = "Moves one large shard between processes: its speed, and what clients notice of it.",
        mixinStandardHelpOptions = true)
final class MoveBench implements Callable<Integer> {
    private static final int LOADERS = 8;
    private static final int VALUES_AT_ONCE = 128;
    private static final long PATIENCE_MILLIS = 300_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @Option(names = "--mebibytes", description = "Values of the shard that moves (128).")
    int mebibytes = 128;

    @Option(names = "--value-bytes", description = "Size of values (256).")
    int valueSizeBytes = 256;

    @Option(names = "--callers", description = "Clients that write while the shard moves back (16).")
    int callers = 16;

    @Option(names = "--seconds", description = "How long they write before that (10).")
    int seconds = 10;

    @Option(names = "--limit-mebibytes", description = "A node's limit for moves, per second (the default one).")
    Optional<Integer> limitMebibytes = Optional.empty();

    @Override
    public Integer call() throws Exception {
        limitMebibytes.ifPresent(
                limit -> System.setProperty("quorate.move-bytes-per-second", Long.toString((long) limit << 20)));
        LocalOptions options = new LocalOptions(
                Optional.of("bench"),
                Optional.of(1),
                Optional.of(3),
                Optional.of(2),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                PortRange.any(),
                LocalOptions.Members.CHILDREN,
                false,
                Optional.of(0));
        try (LocalCluster cluster = LocalCluster.open(options, System.err::println)) {
            cluster.start();
            ClusterView view = cluster.awaitSettled(PATIENCE_MILLIS);
            double loadSeconds = load(view);
            try (RootClient root = new RootClient(endpoints(view, MemberView::admin), cluster.token(), TIMEOUT)) {
                Map<Long, Long> before = resident(view);
                cluster.scale(2);
                double idleSeconds = seconds(awaitMove(root));
                long grownBytes = grown(before);
                cluster.awaitSettled(PATIENCE_MILLIS);
                try (KvClient client = new KvClient(endpoints(view, MemberView::grpc), TIMEOUT)) {
                    Stalls stalls = Stalls.start(client, callers, valueSizeBytes);
                    Thread.sleep(Duration.ofSeconds(seconds));
                    long from = System.nanoTime();
                    cluster.scale(1);
                    Window moved = awaitMove(root);
                    stalls.stop();
                    print(loadSeconds, idleSeconds, grownBytes, moved, stalls, from);
                }
            }
        }
        return 0;
    }

    private void print(
            double loadSeconds, double idleSeconds, long grownBytes, Window moved, Stalls stalls, long scaledNanos) {
        long beforeNanos =
                scaledNanos - Duration.ofSeconds(Math.max(1, seconds - 3)).toNanos();
        System.out.printf(
                Locale.ROOT,
                "{\"mebibytes\":%d,\"value_bytes\":%d,\"limit_mebibytes\":%s,\"load_s\":%.1f,\"idle_move_s\":%.2f,\"idle_mb_per_s\":%.1f,"
                        + "\"rss_growth_mib\":%d,\"busy_move_s\":%.2f,\"before\":%s,\"during\":%s}%n",
                mebibytes,
                valueSizeBytes,
                limitMebibytes.map(Object::toString).orElse("\"default\""),
                loadSeconds,
                idleSeconds,
                mebibytes * 1.048576 / idleSeconds,
                grownBytes >> 20,
                seconds(moved),
                stalls.between(beforeNanos, scaledNanos).toJson(),
                stalls.between(moved.fromNanos(), moved.toNanos()).toJson());
    }

    private record Window(long fromNanos, long toNanos) {}

    private static double seconds(Window window) {
        return (window.toNanos() - window.fromNanos()) / 1e9;
    }

    /** From the moment at which root has the move to that at which the target serves. */
    private static Window awaitMove(RootClient root) throws InterruptedException {
        long deadlineNanos =
                System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
        long fromNanos = 0;
        while (System.nanoTime() < deadlineNanos) {
            ShardMap map = root.map().getMap();
            boolean moving = map.getMovesList().stream().anyMatch(move -> !move.getTargetDone());
            if (moving && fromNanos == 0) {
                fromNanos = System.nanoTime();
            } else if (!moving && fromNanos != 0) {
                return new Window(fromNanos, System.nanoTime());
            }
            Thread.sleep(Duration.ofMillis(10));
        }
        throw new IllegalStateException("no shard moved in time");
    }

    /** By process id. */
    private static Map<Long, Long> resident(ClusterView view) {
        Map<Long, Long> resident = new HashMap<>();
        for (GroupView group : view.groups()) {
            group.members()
                    .forEach(member ->
                            resident.put(member.pid(), Usage.of(member.pid()).residentBytes()));
        }
        return resident;
    }

    private static long grown(Map<Long, Long> before) {
        return before.entrySet().stream()
                .mapToLong(entry -> Usage.of(entry.getKey()).residentBytes() - entry.getValue())
                .max()
                .orElse(0);
    }

    private static List<Endpoint> endpoints(ClusterView view, Function<MemberView, String> address) {
        return view.addresses(address).stream().map(Endpoint::parse).toList();
    }

    /** As much into each of the two shards: which of them moves is not ours to say. */
    private double load(ClusterView view) throws InterruptedException {
        Set<HostAndPort> seeds = view.addresses(MemberView::redis).stream()
                .map(HostAndPort::from)
                .collect(Collectors.toSet());
        long start = System.nanoTime();
        int writes = (int) (2L * mebibytes * (1 << 20) / valueSizeBytes / VALUES_AT_ONCE);
        try (RedisClusterClient jedis = RedisClusterClient.create(seeds)) {
            List<Thread> loaders = new ArrayList<>();
            for (int loader = 0; loader < LOADERS; loader++) {
                int first = loader;
                loaders.add(Thread.ofPlatform().start(() -> {
                    for (int write = first; write < writes; write += LOADERS) {
                        jedis.mset(values(write));
                    }
                }));
            }
            for (Thread loader : loaders) {
                loader.join();
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Of one slot, so that they are one write. */
    private String[] values(int write) {
        Random random = new Random(write);
        String[] values = new String[2 * VALUES_AT_ONCE];
        char[] value = new char[valueSizeBytes];
        for (int i = 0; i < VALUES_AT_ONCE; i++) {
            for (int j = 0; j < value.length; j++) {
                value[j] = (char) (' ' + random.nextInt(64));
            }
            values[2 * i] = "{" + write + "}:" + i;
            values[2 * i + 1] = new String(value);
        }
        return values;
    }
}
