package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.MapChangeResult;
import dev.quorate.api.Move;
import dev.quorate.api.ShardMap;
import dev.quorate.history.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shards move to and fro between two groups, now and then a move is aborted, while nodes of either group, leaders more than others, stop and come back and
 * clients read and write. What they saw is linearizable, and afterwards each shard has one home.
 */
class RandomFaultsTest {
    private static final int SHARDS = 4;
    private static final int CLIENTS = 4;
    private static final int ROUNDS = Integer.getInteger("quorate.test.rounds", 12);

    @TempDir
    Path directory;

    @Test
    void movesUnderFaultsLoseAndDoubleNothing() throws Exception {
        long seed = Long.getLong("quorate.test.seed", new Random().nextLong());
        String replay =
                "./mvnw -pl node/server -am test -Dtest=RandomFaultsTest -Dsurefire.failIfNoSpecifiedTests=false"
                        + " -Dquorate.test.seed=" + seed;
        System.out.println("RandomFaultsTest: replay (threads and timing aside) with " + replay);
        Random random = new Random(seed);
        try (TestCluster cluster = TestCluster.start(directory, SHARDS, 3, 3)) {
            RecordedClients clients = new RecordedClients("RandomFaultsTest", SHARDS);
            for (int i = 0; i < CLIENTS; i++) {
                clients.start("client-" + i, RecordedStore.over(cluster.client(), SHARDS));
            }
            for (int round = 0; round < ROUNDS; round++) {
                startRandomMove(cluster, random);
                Thread.sleep(random.nextInt(60));
                faultIn(cluster.groups.get(random.nextInt(2)), random);
                if (random.nextInt(4) == 0) {
                    abortSomeMove(cluster, random);
                }
            }
            cluster.awaitMovesDone();
            // A write under way on a node that stops may or may not take effect. No other may fail.
            clients.verify(RecordedStore.over(cluster.client(), SHARDS), Outcome.OK, Outcome.UNKNOWN);
            assertOneHomeEach(cluster);
        } catch (Throwable e) {
            throw new AssertionError("failed; replay with " + replay, e);
        }
    }

    private static void startRandomMove(TestCluster cluster, Random random) {
        ShardMap map = cluster.map();
        int shard = random.nextInt(SHARDS);
        boolean moving = map.getMovesList().stream().anyMatch(move -> move.getShard() == shard);
        if (!moving) {
            int from = map.getOwner(shard);
            cluster.startMove(shard, from, 3 - from);
        }
    }

    private static void abortSomeMove(TestCluster cluster, Random random) {
        List<Move> moves = cluster.map().getMovesList();
        if (!moves.isEmpty()) {
            // It may have been switched just before: then root refuses, and that is right too.
            MapChangeResult result =
                    cluster.abort(moves.get(random.nextInt(moves.size())).getId());
            System.out.println("abort: " + (result.getAccepted() ? "accepted" : result.getRefusal()));
        }
    }

    private static void faultIn(TestGroup group, Random random) throws Exception {
        int victim = random.nextBoolean() ? group.awaitLeader() : random.nextInt(group.nodes.size());
        group.stop(victim);
        Thread.sleep(random.nextInt(300));
        group.restart(victim);
    }

    private static void assertOneHomeEach(TestCluster cluster) {
        ShardMap map = cluster.map();
        for (TestGroup group : cluster.groups) {
            var description = group.leader().describe();
            for (int shard = 0; shard < SHARDS; shard++) {
                int number = shard;
                Optional<String> state = description.getShardsList().stream()
                        .filter(info -> info.getShard() == number)
                        .map(info -> info.getState())
                        .findFirst();
                boolean owner = map.getOwner(shard) == group.id;
                assertThat(state)
                        .as("shard %d in group %d, owner by the map: %d", shard, group.id, map.getOwner(shard))
                        .isEqualTo(owner ? Optional.of("OWNED") : Optional.empty());
            }
        }
    }
}
