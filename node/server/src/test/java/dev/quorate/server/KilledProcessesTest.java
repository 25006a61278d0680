package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Effect;
import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.ShardInfo;
import dev.quorate.api.ShardMap;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import dev.quorate.client.QuorateException;
import dev.quorate.client.RootClient;
import dev.quorate.history.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shards move to and fro between two groups, now and then a move is aborted, while members' processes are killed (SIGKILL) at any instant: one of a group,
 * its leader more often than others, or all of it at once. Clients read and write meanwhile. What they saw is linearizable, and afterwards each shard has
 * one home.
 */
@Timeout(600)
class KilledProcessesTest {
    private static final int SHARDS = 4;
    private static final int MEMBERS = 3;
    private static final int CLIENTS = 6;
    private static final int ROUNDS = Integer.getInteger("quorate.test.rounds", 8);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final long seed = Long.getLong("quorate.test.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final List<ProcessGroup> groups = List.of(new ProcessGroup(1), new ProcessGroup(2));
    private final RecordedClients clients = new RecordedClients("KilledProcessesTest", SHARDS);
    private RootClient root;
    private KvClient client;

    @BeforeEach
    void start() throws IOException {
        for (ProcessGroup group : groups) {
            group.start(directory, MEMBERS);
        }
        root = new RootClient(endpoints(groups.subList(0, 1), NodeProcess::adminEndpoint), TestGroup.TOKEN, TIMEOUT);
        client = new KvClient(endpoints(groups, NodeProcess::grpcEndpoint), TIMEOUT);
    }

    private static List<Endpoint> endpoints(List<ProcessGroup> groups, Function<NodeProcess, Endpoint> port) {
        return groups.stream().flatMap(group -> group.nodes.stream()).map(port).toList();
    }

    @AfterEach
    void stop() throws InterruptedException {
        groups.forEach(ProcessGroup::close);
        root.close();
        client.close();
        clients.stop();
    }

    @Test
    void killsLoseAndDoubleNothing() {
        String replay =
                "./mvnw -pl node/server -am test -Dtest=KilledProcessesTest -Dsurefire.failIfNoSpecifiedTests=false"
                        + " -Dquorate.test.seed=" + seed + " -Dquorate.test.rounds=" + ROUNDS;
        System.out.println("KilledProcessesTest: replay (processes and timing aside) with " + replay);
        try {
            formCluster();
            for (int i = 0; i < CLIENTS; i++) {
                clients.start("client-" + i, RecordedStore.over(client));
            }
            for (int round = 0; round < ROUNDS; round++) {
                startMoves();
                Thread.sleep(random.nextInt(250));
                killIn(groups.get(random.nextInt(groups.size())));
                if (random.nextInt(4) == 0) {
                    abortSomeMove();
                }
            }
            groups.forEach(ProcessGroup::awaitReady);
            TestGroup.await("all moves to end", () -> map().getMovesCount() == 0);
            clients.verify(RecordedStore.over(client), Outcome.values());
            assertOneHomeEach();
        } catch (Throwable e) {
            throw new AssertionError("failed; replay with " + replay + "\n" + logTails(), e);
        }
    }

    private void formCluster() {
        ProcessGroup first = groups.getFirst();
        ProcessGroup second = groups.getLast();
        first.bootstrap(List.of());
        second.bootstrap(first.members());
        change(MapChange.newBuilder()
                .setCreate(MapChange.CreateMap.newBuilder()
                        .setClusterId(TestGroup.CLUSTER)
                        .setShardCount(SHARDS)
                        .setRoot(Group.newBuilder().setId(first.id).addAllMembers(first.members()))));
        change(MapChange.newBuilder()
                .setAddGroup(MapChange.AddGroup.newBuilder().setGroupId(second.id)));
        change(MapChange.newBuilder()
                .setSetMembers(MapChange.SetGroupMembers.newBuilder()
                        .setGroupId(second.id)
                        .addAllMembers(second.members())));
        change(MapChange.newBuilder()
                .setSetState(MapChange.SetGroupState.newBuilder()
                        .setGroupId(second.id)
                        .setState(GroupState.ACTIVE)));
        groups.forEach(ProcessGroup::awaitReady);
    }

    /** Of up to two shards. */
    private void startMoves() {
        ShardMap map = map();
        for (int shard : random.ints(2, 0, SHARDS).distinct().toArray()) {
            if (map.getMovesList().stream().noneMatch(move -> move.getShard() == shard)) {
                int from = map.getOwner(shard);
                change(MapChange.newBuilder()
                        .setStartMove(MapChange.StartMove.newBuilder()
                                .setShard(shard)
                                .setFromGroup(from)
                                .setToGroup(3 - from)));
            }
        }
    }

    private void abortSomeMove() {
        List<Move> moves = map().getMovesList();
        if (!moves.isEmpty()) {
            long id = moves.get(random.nextInt(moves.size())).getId();
            // It may have been switched just before: then root refuses, and that is right too.
            tryChange(MapChange.newBuilder()
                    .setDecideMove(
                            MapChange.DecideMove.newBuilder().setMoveId(id).setDecision(MoveState.ABORTED)));
        }
    }

    /** A quorum of it stays, unless all are killed. The next kill elsewhere need not wait for these processes to be back. */
    private void killIn(ProcessGroup group) throws Exception {
        boolean all = random.nextInt(4) == 0;
        boolean leader = random.nextBoolean();
        NodeProcess any = group.nodes.get(random.nextInt(MEMBERS));
        int downMillis = random.nextInt(500);
        group.awaitReady();
        List<NodeProcess> victims =
                all ? group.nodes : List.of(leader ? group.leader().orElse(any) : any);
        for (NodeProcess victim : victims) {
            victim.kill();
        }
        Thread.sleep(downMillis);
        for (NodeProcess victim : victims) {
            victim.start();
        }
    }

    private void change(MapChange.Builder change) {
        tryChange(change)
                .ifPresent(result ->
                        assertThat(result.getAccepted()).as(result.getRefusal()).isTrue());
    }

    /** Empty when the root's leader was killed over it: it may have been made, as the map will tell. */
    private Optional<MapChangeResult> tryChange(MapChange.Builder change) {
        try {
            return Optional.of(root.change(change.build()));
        } catch (QuorateException e) {
            assertThat(e.effect()).as(e.getMessage()).isEqualTo(Effect.UNKNOWN);
            return Optional.empty();
        }
    }

    private ShardMap map() {
        return root.map().getMap();
    }

    private void assertOneHomeEach() {
        ShardMap map = map();
        for (ProcessGroup group : groups) {
            Map<Integer, String> expected = IntStream.range(0, SHARDS)
                    .filter(shard -> map.getOwner(shard) == group.id)
                    .boxed()
                    .collect(Collectors.toMap(shard -> shard, shard -> "OWNED"));
            TestGroup.await(
                    "group " + group.id + " to have " + expected,
                    () -> group.leader()
                            .flatMap(NodeProcess::describe)
                            .map(KilledProcessesTest::states)
                            .filter(expected::equals)
                            .isPresent());
        }
    }

    private static Map<Integer, String> states(NodeDescription description) {
        return description.getShardsList().stream().collect(Collectors.toMap(ShardInfo::getShard, ShardInfo::getState));
    }

    private String logTails() {
        return groups.stream()
                .flatMap(group -> group.nodes.stream())
                .map(NodeProcess::logTail)
                .collect(Collectors.joining("\n"));
    }
}
