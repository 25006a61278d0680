package dev.quorate.bench;

import dev.quorate.api.MapChange;
import dev.quorate.api.MapChange.StartMove;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.bench.contender.Checkout;
import dev.quorate.bench.load.Stalls;
import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.local.LocalOptions;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.ClusterView.GroupView;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.client.RootClient;
import dev.quorate.client.Slots;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;

/**
 * One large shard moves from one group of three processes to another and back: at first while nothing else happens, then while clients write to it and
 * to the other shard. That one is small and moves the other way each time: the planner keeps the groups even.
 *
 * <p>Prints one line of JSON.
 */
@Command(
        description = "Moves one large shard between processes: its speed, and what clients notice of it.",
        mixinStandardHelpOptions = true)
final class MoveBench implements Callable<Integer> {
    private static final int SHARDS = 2;
    private static final int LARGE = 0;
    private static final int LOADERS = 8;
    private static final int VALUES_AT_ONCE = 128;
    private static final long PATIENCE_MILLIS = 300_000;
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration SAMPLE_EVERY = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @Option(names = "--mebibytes", description = "Values of the shard that moves (128).")
    int mebibytes = 128;

    @Option(names = "--value-bytes", description = "Size of values (256).")
    int valueSizeBytes = 256;

    @Option(names = "--callers", description = "Clients that write while the shard moves back (16).")
    int callers = 16;

    @Option(names = "--seconds", description = "How long they write before that, and after (15).")
    int seconds = 15;

    @Option(names = "--limit-mebibytes", description = "A node's limit for moves, per second (the default one).")
    Optional<Integer> limitMebibytes = Optional.empty();

    @Option(names = "--jfr", description = "Record every member with JFR into this folder while the shard moves.")
    Optional<Path> jfr = Optional.empty();

    @Override
    public Integer call() throws Exception {
        limitMebibytes.ifPresent(
                limit -> System.setProperty("quorate.move-bytes-per-second", Long.toString((long) limit << 20)));
        try (WorkDirectory directory = WorkDirectory.create(Checkout.here().work())) {
            LocalOptions options = LocalOptions.of("bench", 2, 3, SHARDS)
                    .withData(directory.path().resolve("cluster"))
                    .withMembers(LocalOptions.Members.CHILDREN);
            try (LocalCluster cluster = LocalCluster.open(options, System.err::println)) {
                cluster.start();
                ClusterView view = cluster.awaitSettled(PATIENCE_MILLIS);
                try (RootClient root = new RootClient(endpoints(view, MemberView::admin), cluster.token(), TIMEOUT)) {
                    System.out.println(measure(cluster, view, root));
                }
            }
        }
        return 0;
    }

    private String measure(LocalCluster cluster, ClusterView view, RootClient root) throws Exception {
        int home = root.map().getMap().getOwner(LARGE);
        int other = view.groups().stream()
                .mapToInt(GroupView::id)
                .filter(group -> group != home)
                .findFirst()
                .orElseThrow();
        double loadSeconds = load(view);
        List<HeapWatch> heaps = new ArrayList<>();
        try (KvClient client = new KvClient(endpoints(view, MemberView::grpc), TIMEOUT)) {
            for (MemberView member : members(view)) {
                heaps.add(HeapWatch.on(member.pid()));
            }
            String idle = idle(view, root, home, other, heaps);
            cluster.awaitSettled(PATIENCE_MILLIS);
            String busy = busy(view, root, client, other, home, heaps);
            return String.format(
                    Locale.ROOT,
                    "{\"mebibytes\":%d,\"value_bytes\":%d,\"limit_mebibytes\":%s,\"callers\":%d,\"load_s\":%.1f,\"idle\":%s,\"busy\":%s}",
                    mebibytes,
                    valueSizeBytes,
                    limitMebibytes.map(Object::toString).orElse("\"default\""),
                    callers,
                    loadSeconds,
                    idle,
                    busy);
        } finally {
            for (HeapWatch heap : heaps) {
                heap.close();
            }
        }
    }

    private String idle(ClusterView view, RootClient root, int from, int to, List<HeapWatch> heaps) throws Exception {
        heaps.forEach(HeapWatch::begin);
        record(view, "idle", true);
        System.err.println("the shard moves while nothing else happens");
        Window moved = move(root, from, to, heaps);
        record(view, "idle", false);
        return String.format(
                Locale.ROOT,
                "{\"move_s\":%.2f,\"mb_per_s\":%.1f,%s,\"live_heap_growth_mib\":%d}",
                moved.seconds(),
                mebibytes * 1.048576 / moved.seconds(),
                grown(heaps),
                heaps.stream().mapToLong(HeapWatch::liveGrownBytes).max().orElse(0) >> 20);
    }

    private String busy(ClusterView view, RootClient root, KvClient client, int from, int to, List<HeapWatch> heaps)
            throws Exception {
        heaps.forEach(HeapWatch::begin);
        Stalls stalls = Stalls.start(client, callers, valueSizeBytes);
        Thread.sleep(Duration.ofSeconds(seconds));
        record(view, "busy", true);
        long beforeNanos = System.nanoTime();
        Thread.sleep(Duration.ofSeconds(seconds));
        System.err.println("the shard moves back while clients write");
        Window moved = move(root, from, to, List.of());
        record(view, "busy", false);
        long diskBytes = disk(view, from);
        long afterNanos = System.nanoTime();
        Thread.sleep(Duration.ofSeconds(seconds));
        long endNanos = System.nanoTime();
        stalls.stop();
        Stalls.Stretch before = stalls.between(beforeNanos, moved.fromNanos());
        Stalls.Stretch during = stalls.between(moved.fromNanos(), moved.toNanos());
        return String.format(
                Locale.ROOT,
                "{\"move_s\":%.2f,%s,\"throughput_kept\":%.2f,\"before\":%s,\"during\":%s,\"after\":%s,\"source_disk_mib\":[%d,%d]}",
                moved.seconds(),
                grown(heaps),
                during.perSecond() / before.perSecond(),
                before.toJson(),
                during.toJson(),
                stalls.between(afterNanos, endNanos).toJson(),
                diskBytes >> 20,
                disk(view, from) >> 20);
    }

    /** The most of any member, garbage included. */
    private static String grown(List<HeapWatch> heaps) {
        return String.format(
                Locale.ROOT,
                "\"heap_growth_mib\":%d",
                heaps.stream().mapToLong(HeapWatch::grownBytes).max().orElse(0) >> 20);
    }

    private record Window(long fromNanos, long toNanos) {
        double seconds() {
            return (toNanos - fromNanos) / 1e9;
        }
    }

    /**
     * From the moment at which root has the move to that at which the target serves; returns when the source has dropped its copy.
     *
     * @param heaps are sampled meanwhile
     */
    private static Window move(RootClient root, int from, int to, List<HeapWatch> heaps) throws InterruptedException {
        long fromNanos = System.nanoTime();
        MapChangeResult started = root.change(MapChange.newBuilder()
                .setStartMove(StartMove.newBuilder()
                        .setShard(LARGE)
                        .setFromGroup(from)
                        .setToGroup(to))
                .build());
        if (!started.getAccepted()) {
            throw new IllegalStateException(started.getRefusal());
        }
        long deadlineNanos = fromNanos + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
        long servedNanos = 0;
        long sampledNanos = fromNanos;
        while (System.nanoTime() < deadlineNanos) {
            Optional<Move> move = root.map().getMap().getMovesList().stream()
                    .filter(one -> one.getShard() == LARGE)
                    .findFirst();
            if (servedNanos == 0 && move.map(Move::getTargetDone).orElse(true)) {
                servedNanos = System.nanoTime();
            }
            if (move.isEmpty()) {
                return new Window(fromNanos, servedNanos);
            }
            if (move.get().getState() == MoveState.ABORTED) {
                throw new IllegalStateException("the move was aborted");
            }
            if (System.nanoTime() - sampledNanos > SAMPLE_EVERY.toNanos()) {
                heaps.forEach(HeapWatch::sample);
                sampledNanos = System.nanoTime();
            }
            Thread.sleep(LOOK_EVERY);
        }
        throw new IllegalStateException("the shard did not move in time");
    }

    private void record(ClusterView view, String phase, boolean begin) throws IOException, InterruptedException {
        if (jfr.isEmpty()) {
            return;
        }
        Files.createDirectories(jfr.get());
        for (MemberView member : members(view)) {
            Path file = jfr.get().resolve(phase + "-" + member.name() + ".jfr").toAbsolutePath();
            if (begin) {
                FlightRecordings.start(member.pid(), file);
            } else {
                FlightRecordings.stop(member.pid(), file);
            }
        }
    }

    private static List<MemberView> members(ClusterView view) {
        return view.groups().stream().flatMap(group -> group.members().stream()).toList();
    }

    /** Of all the members of a group. */
    private static long disk(ClusterView view, int group) throws IOException {
        long bytes = 0;
        for (MemberView member : members(view)) {
            if (member.group() == group) {
                try (Stream<Path> files = Files.walk(Path.of(member.directory()))) {
                    bytes += files.mapToLong(file -> file.toFile().length()).sum();
                }
            }
        }
        return bytes;
    }

    private static List<Endpoint> endpoints(ClusterView view, Function<MemberView, String> address) {
        return view.addresses(address).stream().map(Endpoint::parse).toList();
    }

    private double load(ClusterView view) throws InterruptedException {
        Set<HostAndPort> seeds = view.addresses(MemberView::redis).stream()
                .map(HostAndPort::from)
                .collect(Collectors.toSet());
        long start = System.nanoTime();
        int writes = (int) ((long) mebibytes * (1 << 20) / valueSizeBytes / VALUES_AT_ONCE);
        int[] tags = IntStream.iterate(0, tag -> tag + 1)
                .filter(tag ->
                        Slots.shardOf(Integer.toString(tag).getBytes(StandardCharsets.US_ASCII), SHARDS) == LARGE)
                .limit(writes)
                .toArray();
        try (RedisClusterClient jedis = RedisClusterClient.create(seeds)) {
            List<Thread> loaders = new ArrayList<>();
            for (int loader = 0; loader < LOADERS; loader++) {
                int first = loader;
                loaders.add(Thread.ofPlatform().start(() -> {
                    for (int write = first; write < writes; write += LOADERS) {
                        jedis.mset(values(tags[write]));
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
    private String[] values(int tag) {
        Random random = new Random(tag);
        String[] values = new String[2 * VALUES_AT_ONCE];
        char[] value = new char[valueSizeBytes];
        for (int i = 0; i < VALUES_AT_ONCE; i++) {
            for (int j = 0; j < value.length; j++) {
                value[j] = (char) (' ' + random.nextInt(64));
            }
            values[2 * i] = "{" + tag + "}:" + i;
            values[2 * i + 1] = new String(value);
        }
        return values;
    }
}
