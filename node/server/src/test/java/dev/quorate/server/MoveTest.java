package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.GroupState;
import dev.quorate.api.MapChange;
import dev.quorate.api.Move;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards between two groups of real nodes. */
class MoveTest {
    private static final int SHARDS = 4;

    @TempDir
    Path directory;

    @Test
    void aShardMovesWithItsDataUnderAWriterAndNothingFailsOrDoubles() throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, SHARDS, 3, 3)) {
            TestClient client = cluster.client();
            for (int i = 0; i < 200; i++) {
                client.put(i % SHARDS, "key" + i, "value" + i);
            }
            AtomicBoolean stop = new AtomicBoolean();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            long[] counted = new long[1];
            Thread writer = Thread.ofVirtual().start(() -> {
                TestClient own = cluster.client();
                try {
                    while (!stop.get()) {
                        assertThat(own.increment(0, "counter")).isEqualTo(++counted[0]);
                    }
                    // One hop to the new owner, one to its leader, and as many back: never in circles.
                    assertThat(own.mostRedirects()).isLessThanOrEqualTo(4);
                } catch (Throwable e) {
                    failure.set(e);
                }
            });
            for (int shard = 0; shard < SHARDS; shard++) {
                cluster.startMove(shard, 1, 2);
            }
            cluster.awaitMovesDone();
            cluster.startMove(0, 2, 1);
            cluster.awaitMovesDone();
            stop.set(true);
            writer.join();
            assertThat(failure.get()).isNull();
            assertThat(counted[0]).isPositive();
            assertThat(client.get(0, "counter")).isEqualTo(Long.toString(counted[0]));
            for (int i = 0; i < 200; i++) {
                assertThat(client.get(i % SHARDS, "key" + i)).isEqualTo("value" + i);
            }
            assertThat(cluster.map().getOwnerList()).containsExactly(1, 2, 2, 2);
        }
    }

    @Test
    void aDrainedGroupLeavesAndItsKeysStay() throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, SHARDS, 1, 1, 1)) {
            TestClient client = cluster.client();
            for (int i = 0; i < 50; i++) {
                client.put(i % SHARDS, "key" + i, "value" + i);
            }
            cluster.startMove(0, 1, 2);
            cluster.startMove(1, 1, 3);
            cluster.awaitMovesDone();
            cluster.setState(2, GroupState.DRAINING);
            assertThat(cluster.trySetState(2, GroupState.DRAINED).getAccepted()).isFalse();
            cluster.startMove(0, 2, 3);
            cluster.awaitMovesDone();
            cluster.setState(2, GroupState.DRAINED);
            cluster.change(MapChange.newBuilder()
                    .setRemoveGroup(MapChange.RemoveGroup.newBuilder().setGroupId(2)));
            cluster.groups.get(1).close();
            cluster.groups.remove(1);
            assertThat(cluster.map().getOwnerList()).containsExactly(3, 3, 1, 1);
            for (int i = 0; i < 50; i++) {
                assertThat(client.get(i % SHARDS, "key" + i)).isEqualTo("value" + i);
            }
        }
    }

    @Test
    void aMoveToAGroupThatIsDownHoldsNothingUpAndCanBeAborted() throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, SHARDS, 1, 1)) {
            TestClient client = cluster.client();
            TestGroup target = cluster.groups.get(1);
            target.stop(0);
            cluster.startMove(0, 1, 2);
            assertThat(client.put(0, "key", "during").applied()).isTrue();
            assertThat(cluster.abort(cluster.map().getMoves(0).getId()).getAccepted())
                    .isTrue();
            assertThat(client.put(0, "key", "aborted").applied()).isTrue();
            target.restart(0);
            cluster.awaitMovesDone();
            assertThat(cluster.map().getOwner(0)).isEqualTo(1);
            assertThat(client.get(0, "key")).isEqualTo("aborted");

            // The shard can move again afterwards.
            cluster.startMove(0, 1, 2);
            cluster.awaitMovesDone();
            assertThat(cluster.map().getOwner(0)).isEqualTo(2);
            assertThat(client.get(0, "key")).isEqualTo("aborted");
        }
    }

    @Test
    void anImportThatHangsOnADeadSourceHoldsNoOtherMoveUp() throws Exception {
        var limits = new NodeConfig.Limits(64 << 20, 1 << 20, 1_000, 64 << 20, 1, 1 << 20, 64 << 20, 64 << 20);
        try (TestCluster cluster = TestCluster.start(directory, SHARDS, limits, 1, 1, 1)) {
            cluster.startMove(0, 1, 2);
            cluster.startMove(1, 1, 3);
            cluster.awaitMovesDone();
            TestClient client = cluster.client();
            client.put(1, "key", "returned");
            client.put(2, "key", "stayed");

            cluster.groups.get(1).stop(0);
            cluster.startMove(0, 2, 3);
            TestGroup target = cluster.groups.get(2);
            awaitImporting(target, 0);
            cluster.startMove(1, 3, 1); // releases, purges and finishes
            cluster.startMove(2, 1, 3); // can't import
            awaitImporting(target, 2);
            long waiting = moveOf(cluster, 2).orElseThrow().getId();
            assertThat(cluster.abort(waiting).getAccepted()).isTrue(); // discards and finishes

            TestGroup.await("the other moves to end", () -> cluster.map().getMovesCount() == 1);
            assertThat(moveOf(cluster, 0)).isPresent();
            assertThat(cluster.map().getOwnerList()).containsExactly(2, 1, 1, 1);
            assertThat(client.get(1, "key")).isEqualTo("returned");
            assertThat(client.get(2, "key")).isEqualTo("stayed");
        }
    }

    private static void awaitImporting(TestGroup group, int shard) {
        TestGroup.await(
                "shard " + shard + " to be imported",
                () -> group.leader().describe().getShardsList().stream()
                        .anyMatch(info ->
                                info.getShard() == shard && info.getState().equals("IMPORTING")));
    }

    private static Optional<Move> moveOf(TestCluster cluster, int shard) {
        return cluster.map().getMovesList().stream()
                .filter(move -> move.getShard() == shard)
                .findFirst();
    }

    @Test
    void aRestartWithoutTheRootGroupStillServesAndRedirects() throws Exception {
        try (TestCluster cluster = TestCluster.start(directory, SHARDS, 1, 1, 1)) {
            cluster.startMove(0, 1, 2);
            cluster.startMove(1, 1, 3);
            cluster.awaitMovesDone();
            TestClient client = cluster.client();
            client.put(0, "key", "two");
            client.put(1, "key", "three");
            long epoch = cluster.map().getEpoch();
            TestGroup second = cluster.groups.get(1);
            TestGroup.await("the newest map", () -> second.leader().describe().getMapEpoch() == epoch);
            cluster.groups.getFirst().stop(0);
            second.stop(0);
            second.restart(0);
            assertThat(client.get(0, "key")).isEqualTo("two");
            assertThat(new TestClient(second::live, Duration.ofSeconds(20)).get(0, "key"))
                    .isEqualTo("two");
            assertThat(second.leader().data().route().getMap().getEpoch()).isEqualTo(epoch);
            assertThat(client.get(1, "key")).isEqualTo("three");
        }
    }
}
