package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.MoveState;
import dev.quorate.api.ShardMap;
import dev.quorate.server.data.RequestException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Several groups under one shard map. */
final class TestCluster implements AutoCloseable {
    private static final NodeConfig.Limits LIMITS =
            new NodeConfig.Limits(256L << 20, 64L << 20, 20_000, 128L << 20, 4, 1 << 20, 64 << 20, 64 << 20);
    private static final Duration CLIENT_TIMEOUT = Duration.ofSeconds(30);

    final List<TestGroup> groups = new ArrayList<>();

    /** A root group that owns every shard, and further groups that are active and empty. */
    static TestCluster start(Path directory, int shards, int... sizes) throws NodeStartException {
        return start(directory, shards, LIMITS, sizes);
    }

    static TestCluster start(Path directory, int shards, NodeConfig.Limits limits, int... sizes)
            throws NodeStartException {
        TestCluster cluster = new TestCluster();
        for (int i = 0; i < sizes.length; i++) {
            List<dev.quorate.api.Member> root =
                    i == 0 ? List.of() : cluster.groups.getFirst().members();
            cluster.groups.add(TestGroup.start(directory, i + 1, sizes[i], root, limits));
        }
        cluster.createMap(shards);
        for (TestGroup group : cluster.groups.subList(1, sizes.length)) {
            cluster.join(group);
        }
        return cluster;
    }

    private void createMap(int shards) {
        TestGroup root = groups.getFirst();
        change(MapChange.newBuilder()
                .setCreate(MapChange.CreateMap.newBuilder()
                        .setClusterId(TestGroup.CLUSTER)
                        .setShardCount(shards)
                        .setRoot(Group.newBuilder().setId(root.id).addAllMembers(root.members()))));
    }

    private void join(TestGroup group) {
        change(MapChange.newBuilder()
                .setAddGroup(MapChange.AddGroup.newBuilder().setGroupId(group.id)));
        change(MapChange.newBuilder()
                .setSetMembers(MapChange.SetGroupMembers.newBuilder()
                        .setGroupId(group.id)
                        .addAllMembers(group.members())));
        setState(group.id, GroupState.ACTIVE);
    }

    void setState(int group, GroupState state) {
        MapChangeResult result = trySetState(group, state);
        assertThat(result.getAccepted()).as(result.getRefusal()).isTrue();
    }

    MapChangeResult trySetState(int group, GroupState state) {
        return tryChange(MapChange.newBuilder()
                .setSetState(
                        MapChange.SetGroupState.newBuilder().setGroupId(group).setState(state)));
    }

    void startMove(int shard, int from, int to) {
        change(MapChange.newBuilder()
                .setStartMove(MapChange.StartMove.newBuilder()
                        .setShard(shard)
                        .setFromGroup(from)
                        .setToGroup(to)));
    }

    MapChangeResult abort(long moveId) {
        return tryChange(MapChange.newBuilder()
                .setDecideMove(
                        MapChange.DecideMove.newBuilder().setMoveId(moveId).setDecision(MoveState.ABORTED)));
    }

    void change(MapChange.Builder change) {
        MapChangeResult result = tryChange(change);
        assertThat(result.getAccepted()).as(result.getRefusal()).isTrue();
    }

    /** At the root's leader; made again when that changed meanwhile and nothing took effect. */
    MapChangeResult tryChange(MapChange.Builder change) {
        while (true) {
            try {
                return groups.getFirst().leader().admin().changeMap(change.build());
            } catch (RequestException e) {
                if (e.error().getEffect() != dev.quorate.api.Effect.NOT_APPLIED) {
                    throw e;
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    ShardMap map() {
        ShardMap[] map = new ShardMap[1];
        TestGroup.await("the map", () -> {
            try {
                map[0] = groups.getFirst().leader().admin().map(true).getMap();
                return true;
            } catch (RequestException e) {
                return false;
            }
        });
        return map[0];
    }

    void awaitMovesDone() {
        TestGroup.await("all moves to end", () -> map().getMovesCount() == 0);
    }

    List<Node> live() {
        return groups.stream().flatMap(group -> group.live().stream()).toList();
    }

    TestClient client() {
        return new TestClient(this::live, CLIENT_TIMEOUT);
    }

    @Override
    public void close() {
        groups.forEach(TestGroup::close);
    }
}
