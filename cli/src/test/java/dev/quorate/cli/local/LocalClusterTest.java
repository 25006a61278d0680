package dev.quorate.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.quorate.api.PeerFault;
import dev.quorate.cli.console.ClusterFile;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.process.Signal;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.ClusterView.GroupView;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.cli.writer.Verdict;
import dev.quorate.cli.writer.VerifiedWriter;
import dev.quorate.client.AdminClient;
import dev.quorate.client.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;

/** The demo, without its process around it: real nodes with real logs and stores, on ports that nobody else uses. */
class LocalClusterTest {
    private static final long PATIENCE_MILLIS = 120_000;

    @TempDir
    private Path directory;

    @Test
    void scalingUnderAWriterFailsAndLosesNothing() throws Exception {
        Path data;
        try (LocalCluster cluster = started(LocalOptions.of("demo", 2, 3, 32))) {
            data = cluster.data();
            ClusterView view = cluster.awaitSettled(PATIENCE_MILLIS);
            assertBalanced(view, 2, 3);
            try (VerifiedWriter writer =
                    new VerifiedWriter(new VerifiedWriter.Settings(seeds(view), "scale", 4, 100, 100, 2))) {
                writer.start();
                for (int groups : List.of(3, 1)) {
                    awaitProgress(writer);
                    cluster.scale(groups);
                    assertThat(cluster.view().settled()).isFalse();
                    assertBalanced(cluster.awaitSettled(PATIENCE_MILLIS), groups, 3);
                }
                awaitProgress(writer);
                Verdict verdict = writer.stopAndVerify();
                assertThat(verdict.clean()).as(verdict.toJson()).isTrue();
            }
        }
        assertThat(data).as("data of a cluster without --data").doesNotExist();
    }

    @Test
    void scalingFasterThanMovesFinishEndsBalancedAndLeavesNothing() throws Exception {
        Random random = new Random(7);
        try (LocalCluster cluster = started(LocalOptions.of("demo", 2, 1, 64).withData(directory))) {
            ClusterView view = cluster.awaitSettled(PATIENCE_MILLIS);
            try (VerifiedWriter writer =
                    new VerifiedWriter(new VerifiedWriter.Settings(seeds(view), "haste", 4, 100, 100, 2))) {
                writer.start();
                for (int groups : List.of(4, 1, 3, 2, 4, 1, 2, 3)) {
                    cluster.scale(groups);
                    Thread.sleep(random.nextInt(
                            400)); // a moment of the drain or of the growth, which one it is makes no difference
                }
                ClusterView after = cluster.awaitSettled(PATIENCE_MILLIS);
                assertBalanced(after, 3, 1);
                try (Stream<Path> folders = Files.list(directory.resolve("groups"))) {
                    assertThat(folders.map(folder -> folder.getFileName().toString()))
                            .containsExactlyInAnyOrderElementsOf(after.groups().stream()
                                    .map(group -> "" + group.id())
                                    .toList());
                }
                awaitProgress(writer);
                Verdict verdict = writer.stopAndVerify();
                assertThat(verdict.clean()).as(verdict.toJson()).isTrue();
            }
        }
    }

    @Test
    void aClusterGoesOnFromItsDirectory() throws Exception {
        ClusterView before;
        try (LocalCluster cluster = started(LocalOptions.of("demo", 2, 1, 8).withData(directory))) {
            before = cluster.awaitSettled(PATIENCE_MILLIS);
            try (RedisClusterClient jedis = RedisClusterClient.create(seeds(before))) {
                jedis.set("greeting", "hello");
                jedis.set("farewell", "goodbye");
            }
        }
        LocalOptions again = new LocalOptions(
                Optional.of("demo"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(directory),
                PortRange.any(),
                LocalOptions.Members.HERE,
                false,
                Optional.of(0));
        try (LocalCluster cluster = started(again)) {
            ClusterView after = cluster.awaitSettled(PATIENCE_MILLIS);
            assertThat(after.clusterId()).isEqualTo(before.clusterId());
            assertThat(after.addresses(MemberView::redis)).isEqualTo(before.addresses(MemberView::redis));
            assertThat(after.shards()).isEqualTo(before.shards());
            try (RedisClusterClient jedis = RedisClusterClient.create(seeds(after))) {
                assertThat(jedis.get("greeting")).isEqualTo("hello");
                assertThat(jedis.get("farewell")).isEqualTo("goodbye");
            }
            assertThatThrownBy(() -> cluster.scale(9))
                    .isInstanceOf(UserError.class)
                    .hasMessage("groups must be from 1 to the number of shards, which is 8, not 9.");
        }
        assertThatThrownBy(() -> started(LocalOptions.of("demo", 2, 1, 16).withData(directory)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("was made with shards 8");
    }

    @Test
    @Execution(CONCURRENT)
    void aMemberProcessThatIsKilledIsStartedAgain() throws Exception {
        LocalOptions options = LocalOptions.of("demo", 1, 3, 8).withMembers(LocalOptions.Members.CHILDREN);
        List<Long> pids = new ArrayList<>();
        try (LocalCluster cluster = started(options)) {
            ClusterView before = cluster.awaitSettled(PATIENCE_MILLIS);
            pids.addAll(pids(before));
            assertThat(pids)
                    .doesNotHaveDuplicates()
                    .doesNotContain(0L, ProcessHandle.current().pid());
            MemberView victim = before.groups().getFirst().members().getFirst();
            try (RedisClusterClient jedis = RedisClusterClient.create(seeds(before))) {
                jedis.set("greeting", "hello");
                Signal.KILL.send(victim.pid());
                ProcessHandle.of(victim.pid())
                        .ifPresent(process -> process.onExit().join());
                ClusterView after = awaitOther(cluster, victim);
                pids.addAll(pids(after));
                assertThat(after.member(victim.name()).orElseThrow().id()).isEqualTo(victim.id());
                assertThat(jedis.get("greeting")).isEqualTo("hello");
            }
        }
        assertThat(pids).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    }

    @Test
    void theNumberOfReplicasChangesUnderAWriter() throws Exception {
        try (LocalCluster cluster = started(LocalOptions.of("demo", 2, 1, 16).withData(directory))) {
            ClusterView view = cluster.awaitSettled(PATIENCE_MILLIS);
            try (VerifiedWriter writer =
                    new VerifiedWriter(new VerifiedWriter.Settings(seeds(view), "replicas", 4, 100, 100, 2))) {
                writer.start();
                for (int replicas : List.of(3, 5, 3)) {
                    awaitProgress(writer);
                    cluster.apply(new ClusterFile("demo", 2, replicas, 16, 4, 4));
                    assertThat(cluster.view().settled()).isFalse();
                    assertBalanced(cluster.awaitSettled(PATIENCE_MILLIS), 2, replicas);
                }
                awaitProgress(writer);
                Verdict verdict = writer.stopAndVerify();
                assertThat(verdict.clean()).as(verdict.toJson()).isTrue();
            }
        }
        assertThat(directory.resolve("groups/2")).isDirectoryNotContaining("glob:**/3");
    }

    @AfterEach
    void stopMembersThatWentOn() throws IOException {
        new ClusterFolder(directory).stopMembers();
    }

    @Test
    void theNextControlProcessTakesOverMembersThatWentOn() throws Exception {
        LocalOptions options =
                LocalOptions.of("demo", 1, 1, 8).withData(directory).withMembers(LocalOptions.Members.DETACHED);
        LocalCluster first = started(options);
        ClusterView before = first.awaitSettled(PATIENCE_MILLIS);
        first.abandon();
        assertThat(pids(before)).allMatch(pid -> ProcessHandle.of(pid).isPresent());
        try (LocalCluster second = started(options)) {
            assertThat(pids(second.awaitSettled(PATIENCE_MILLIS))).isEqualTo(pids(before));
            second.apply(new ClusterFile("demo", 2, 1, 8, 4, 4));
            assertBalanced(second.awaitSettled(PATIENCE_MILLIS), 2, 1);
            assertThatThrownBy(() -> second.apply(new ClusterFile("demo", 2, 1, 16, 4, 4)))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("was made with shards 8");
        }
        assertThat(pids(before)).noneMatch(pid -> ProcessHandle.of(pid).isPresent());
    }

    @Test
    @Execution(CONCURRENT)
    void aLeaderThatIsCutOffIsReplacedAndComesBackAsAFollower() throws Exception {
        try (LocalCluster cluster = started(LocalOptions.of("demo", 1, 3, 8)
                .withMembers(LocalOptions.Members.CHILDREN)
                .withFaultSwitch())) {
            ClusterView before = cluster.awaitSettled(PATIENCE_MILLIS);
            String leader = before.groups().getFirst().leader();
            try (RedisClusterClient jedis = RedisClusterClient.create(seeds(before));
                    AdminClient admin = admin(cluster, leader)) {
                jedis.set("greeting", "hello");
                admin.setNetworkFaults(List.of(PeerFault.newBuilder()
                        .setLoseSent(true)
                        .setLoseReceived(true)
                        .build()));
                awaitLeader(cluster, other -> other != null && !other.equals(leader));
                admin.setNetworkFaults(List.of());
                ClusterView after = cluster.awaitSettled(PATIENCE_MILLIS);
                assertThat(after.member(leader).orElseThrow().pid())
                        .isEqualTo(before.member(leader).orElseThrow().pid());
                assertThat(jedis.get("greeting")).isEqualTo("hello");
            }
        }
    }

    @Test
    void aMemberThatWasNotStartedForTestsHasNoFaultSwitch() throws Exception {
        try (LocalCluster cluster = started(LocalOptions.of("demo", 1, 1, 8))) {
            cluster.awaitSettled(PATIENCE_MILLIS);
            try (AdminClient admin = admin(cluster, "demo-1-0")) {
                assertThatThrownBy(() -> admin.setNetworkFaults(List.of()))
                        .hasMessageContaining("this node was not started for tests");
            }
        }
    }

    private static AdminClient admin(LocalCluster cluster, String member) {
        String address = cluster.view().member(member).orElseThrow().admin();
        return new AdminClient(Endpoint.parse(address), cluster.token(), Duration.ofSeconds(10));
    }

    private static void awaitLeader(LocalCluster cluster, Predicate<String> wanted) throws Exception {
        long endNanos = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (!wanted.test(cluster.view().groups().getFirst().leader())) {
            if (System.nanoTime() > endNanos) {
                throw new TimeoutException("no other leader: " + cluster.view().toJson());
            }
            Thread.sleep(20);
        }
    }

    private static List<Long> pids(ClusterView view) {
        return view.groups().stream()
                .flatMap(group -> group.members().stream())
                .map(MemberView::pid)
                .toList();
    }

    /** Until the cluster is settled again, with the member in another process. */
    private static ClusterView awaitOther(LocalCluster cluster, MemberView former) throws Exception {
        long endNanos = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (System.nanoTime() < endNanos) {
            ClusterView view = cluster.view();
            long pid = view.member(former.name()).map(MemberView::pid).orElse(0L);
            if (view.settled() && pid != 0 && pid != former.pid()) {
                return view;
            }
            Thread.sleep(20);
        }
        throw new TimeoutException(
                former.name() + " is not started again: " + cluster.view().findings());
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            LocalOptions options = new LocalOptions(
                    Optional.of("demo"),
                    Optional.of(1),
                    Optional.of(1),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(directory),
                    PortRange.any(),
                    LocalOptions.Members.HERE,
                    false,
                    Optional.of(taken.getLocalPort()));
            assertThatThrownBy(() -> started(options))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " is in use");
        }
    }

    private static LocalCluster started(LocalOptions options) throws IOException {
        LocalCluster cluster = LocalCluster.open(options, step -> {});
        try {
            cluster.start();
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static Set<HostAndPort> seeds(ClusterView view) {
        Set<HostAndPort> seeds = new HashSet<>();
        view.addresses(MemberView::redis).forEach(address -> seeds.add(HostAndPort.from(address)));
        return seeds;
    }

    private static void awaitProgress(VerifiedWriter writer) throws InterruptedException, TimeoutException {
        long target = writer.acknowledged() + 200;
        long endNanos = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (writer.acknowledged() < target) {
            if (System.nanoTime() > endNanos) {
                throw new TimeoutException("the writer stands still at " + writer.acknowledged());
            }
            Thread.sleep(20);
        }
    }

    private static void assertBalanced(ClusterView view, int groups, int replicas) {
        assertThat(view.groups()).hasSize(groups);
        assertThat(view.groups()).extracting(GroupView::state).containsOnly("ACTIVE");
        assertThat(view.groups()).allSatisfy(group -> {
            assertThat(group.members()).hasSize(replicas).allMatch(MemberView::ready);
            assertThat(group.leader())
                    .isIn(group.members().stream().map(MemberView::name).toList());
            assertThat(group.shards()).isBetween(view.shardCount() / groups, view.shardCount() / groups + 1);
        });
        assertThat(view.moves()).isEmpty();
        assertThat(view.findings()).isEmpty();
        assertThat(ClusterView.fromJson(view.toJson())).isEqualTo(view);
    }
}
