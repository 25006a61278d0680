package dev.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.admin.AdminNodes;
import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.local.LocalOptions;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.ClusterView.MemberView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.util.JedisClusterCRC16;

/** The admin commands against real nodes. Alone, since it reads what the process prints. */
@Isolated
class AdminCommandTest {
    private static final long PATIENCE_MILLIS = 120_000;
    private static final int SHARDS = 16;
    private static final int KEYS = 400;

    @TempDir
    private Path directory;

    private record Run(int status, String out) {}

    @Test
    void membersAreChangedAndReplicasComparedByHand() throws Exception {
        try (LocalCluster cluster = start(1, 3)) {
            ClusterView before = cluster.awaitSettled(PATIENCE_MILLIS);
            assertThat(run(cluster, "compare-replicas")).isEqualTo(new Run(0, "all that answered are equal\n"));
            assertThat(run(cluster, "compare-replicas", "--shard", "3").out()).startsWith("shard 3: ");
            assertThat(run(cluster, "compare-replicas", "--shard", "99").out()).contains("there is no 99");

            String victim = before.groups().getFirst().members().stream()
                    .map(MemberView::name)
                    .filter(name -> !name.equals(before.groups().getFirst().leader()))
                    .findFirst()
                    .orElseThrow();
            assertThat(run(cluster, "change-members", "--group", "1", "--promote", victim)
                            .out())
                    .contains("it was so already: voters demo-1-0 demo-1-1 demo-1-2");
            Run removed = run(cluster, "change-members", "--group", "1", "--remove", victim);
            assertThat(removed.status()).as(removed.out()).isZero();
            assertThat(removed.out()).startsWith("voters ").doesNotContain(victim);
            awaitAnother(cluster, before.member(victim).orElseThrow());
        }
    }

    /** The control loop makes a new member of the node of one that was removed. */
    private static void awaitAnother(LocalCluster cluster, MemberView former) throws Exception {
        long endNanos = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (System.nanoTime() < endNanos) {
            ClusterView view = cluster.view();
            MemberView now = view.member(former.name()).orElse(former);
            if (view.settled()
                    && now.ready()
                    && !now.id().isEmpty()
                    && !now.id().equals(former.id())) {
                return;
            }
            Thread.sleep(20);
        }
        throw new TimeoutException(former.name() + ": " + cluster.view());
    }

    @Test
    void theMapOfALostRootGroupIsRebuiltFromWhatTheOthersOwn() throws Exception {
        try (LocalCluster cluster = start(3, 1)) {
            ClusterView view = cluster.awaitSettled(PATIENCE_MILLIS);
            try (RedisClusterClient jedis = RedisClusterClient.create(seeds(view))) {
                for (int i = 0; i < KEYS; i++) {
                    jedis.set("key-" + i, "value-" + i);
                }
            }
            assertThat(run(cluster, "rebuild-map").out()).contains("has the root group's state");
            // Lost while shards are on the move.
            cluster.scale(2);
            awaitMoves(cluster);
        }
        delete(directory.resolve("groups/1/0/data"));
        try (LocalCluster cluster = start(2, 1)) {
            awaitRootLostAndOthersLed(cluster);
            Run dry = run(cluster, "rebuild-map", "--dry-run");
            assertThat(dry.status()).as(dry.out()).isZero();
            assertThat(dry.out())
                    .contains(
                            "lost with the root group: shards",
                            "would be refused without --give-up-lost-shards",
                            "nothing was changed");
            Run refused = run(cluster, "rebuild-map");
            assertThat(refused.status()).isNotZero();
            assertThat(refused.out()).contains("--give-up-lost-shards");
            assertThat(generations(cluster)).containsOnly(0L);

            Run done = run(cluster, "rebuild-map", "--give-up-lost-shards");
            assertThat(done.status()).as(done.out()).isZero();
            assertThat(done.out()).contains("begins generation", "the shard map is back");
            ClusterView after = cluster.awaitSettled(PATIENCE_MILLIS);
            assertThat(after.groups()).hasSize(2);
            Set<Integer> lost = lostShards(done.out());
            try (RedisClusterClient jedis = RedisClusterClient.create(seeds(after))) {
                for (int i = 0; i < KEYS; i++) {
                    String key = "key-" + i;
                    boolean isLost = lost.contains(JedisClusterCRC16.getSlot(key) * SHARDS / 16384);
                    assertThat(jedis.get(key)).as(key).isEqualTo(isLost ? null : "value-" + i);
                    jedis.set(key, "again");
                }
            }
            assertThat(run(cluster, "rebuild-map").out()).contains("the root group");
        }
    }

    private static List<Long> generations(LocalCluster cluster) {
        try (AdminNodes nodes =
                AdminNodes.find(cluster.view().addresses(MemberView::admin), cluster.token(), Duration.ofSeconds(30))) {
            return nodes.nodes().stream()
                    .map(node -> node.said().getGeneration())
                    .toList();
        }
    }

    private static Set<Integer> lostShards(String out) {
        String list = out.lines()
                .filter(line -> line.startsWith("lost with the root group: shards "))
                .findFirst()
                .orElseThrow()
                .replace("lost with the root group: shards ", "");
        Set<Integer> lost = new HashSet<>();
        Arrays.stream(list.split(" ")).map(Integer::valueOf).forEach(lost::add);
        return lost;
    }

    private static void awaitMoves(LocalCluster cluster) throws Exception {
        long endNanos = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (cluster.view().moves().isEmpty() && !cluster.view().settled()) {
            if (System.nanoTime() > endNanos) {
                throw new TimeoutException(cluster.view().headline());
            }
            Thread.sleep(5);
        }
    }

    private static void awaitRootLostAndOthersLed(LocalCluster cluster) throws Exception {
        long endNanos = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (!lostRootAndOthersLed(cluster.view())) {
            if (System.nanoTime() > endNanos) {
                throw new TimeoutException(cluster.view().toString());
            }
            Thread.sleep(20);
        }
    }

    private static boolean lostRootAndOthersLed(ClusterView view) {
        return view.findings().stream().anyMatch(finding -> finding.contains("all its disks are empty"))
                && view.groups().stream().allMatch(group -> group.id() == 1 || group.leader() != null);
    }

    private LocalCluster start(int groups, int replicas) throws IOException {
        LocalCluster cluster = LocalCluster.open(
                LocalOptions.of("demo", groups, replicas, SHARDS).withData(directory), _ -> {});
        cluster.start();
        return cluster;
    }

    private Run run(LocalCluster cluster, String... command) throws IOException {
        Path token = directory.resolve("token-for-test");
        Files.writeString(token, cluster.token());
        List<String> arguments = new ArrayList<>(List.of("admin"));
        arguments.addAll(List.of(command));
        arguments.addAll(List.of(
                "--admin",
                String.join(",", cluster.view().addresses(MemberView::admin)),
                "--token-file",
                token.toString(),
                "--timeout",
                "30"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        try (PrintStream printed = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(printed);
            System.setErr(printed);
            int status = Quorate.execute(arguments.toArray(String[]::new));
            return new Run(status, bytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static Set<HostAndPort> seeds(ClusterView view) {
        Set<HostAndPort> seeds = new HashSet<>();
        view.addresses(MemberView::redis).forEach(address -> seeds.add(HostAndPort.from(address)));
        return seeds;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
