package dev.quorate.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.Member;
import dev.quorate.api.MoveState;
import dev.quorate.api.ShardMap;
import dev.quorate.control.SimulatedCluster.SimulatedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * The loop against a simulated cluster. A failure prints jqwik's seed; {@code @Property(seed = "...")} replays it. The rules that hold at every
 * step (one home for each shard, records before bootstraps, quorums through restarts, nothing deleted that root has not removed) are checked
 * by the simulation itself.
 */
class ConvergenceTest {
    private static final int PASSES_TO_SETTLE = 400;

    @Property(tries = 150)
    void everyCountOfGroupsIsReachedInBalance(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 7) Integer> counts, @ForAll long seed) {
        Run run = new Run(seed, 3, 32);
        for (int groups : counts) {
            run.spec = run.spec.withGroups(groups);
            run.settle();
        }
    }

    @Property(tries = 150)
    void everyNumberOfReplicasIsReached(
            @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 0, max = 3) Integer> steps,
            @ForAll @IntRange(min = 0, max = 12) int passes,
            @ForAll long seed) {
        Run run = new Run(seed, 3, 8);
        for (int half : steps) {
            run.spec = run.spec.withReplicas(1 + 2 * half);
            run.passes(passes);
        }
        run.settle();
        assertThat(run.cluster.movesStarted)
                .as("moves but those to form the second group")
                .isEqualTo(4);
    }

    @Property(tries = 150)
    void noMoreShardsMoveThanMust(
            @ForAll @IntRange(min = 1, max = 7) int from,
            @ForAll @IntRange(min = 1, max = 7) int to,
            @ForAll long seed) {
        Run run = new Run(seed, 1, 64);
        run.spec = run.spec.withGroups(from);
        run.settle();
        long least = leastMoves(run.cluster.root.map(), to);
        run.cluster.movesStarted = 0;
        run.spec = run.spec.withGroups(to);
        run.settle();
        assertThat(run.cluster.movesStarted).isEqualTo((int) least);
    }

    @Property(tries = 150)
    void aDrainThatIsTurnedBackEndsBalancedWithAllGroupsActive(
            @ForAll @IntRange(min = 2, max = 6) int groups,
            @ForAll @IntRange(min = 1, max = 5) int fewer,
            @ForAll @IntRange(min = 1, max = 25) int passes,
            @ForAll long seed) {
        Run run = new Run(seed, 1, 64);
        run.spec = run.spec.withGroups(groups);
        run.settle();
        run.spec = run.spec.withGroups(Math.max(1, groups - fewer));
        run.passes(passes);
        run.spec = run.spec.withGroups(groups);
        run.settle();
    }

    @Property(tries = 250)
    void whateverHappensOnTheWayItConverges(@ForAll long seed) {
        Run run = new Run(seed, 3, 32);
        for (int i = 0; i < 60; i++) {
            run.mishap();
            run.passes(1 + run.random.nextInt(3));
        }
        run.recover();
        run.settle();
    }

    /** One of them has not heard yet of what the user asked for last; both act, in any order. */
    @Property(tries = 100)
    void twoControllersAtOnceDoNoHarmAndTheLastWordHolds(
            @ForAll @IntRange(min = 1, max = 6) int former,
            @ForAll @IntRange(min = 1, max = 6) int last,
            @ForAll @IntRange(min = 0, max = 2) int halfOfReplicas,
            @ForAll long seed) {
        Run run = new Run(seed, 3, 32);
        ControlLoop other = new ControlLoop(run.cluster, run.cluster);
        ClusterSpec stale = run.spec.withGroups(former);
        run.spec = run.spec.withGroups(last).withReplicas(1 + 2 * halfOfReplicas);
        for (int i = 0; i < 60; i++) {
            run.cluster.tick(run.random);
            boolean staleActs = run.random.nextBoolean();
            (staleActs ? other : run.loop).run(staleActs ? stale : run.spec);
        }
        run.settle();
    }

    @Property(tries = 100)
    void limitsOfMovesAreKept(
            @ForAll @IntRange(min = 1, max = 9) int maxMoves,
            @ForAll @IntRange(min = 1, max = 4) int maxMovesPerGroup,
            @ForAll @Size(3) List<@IntRange(min = 1, max = 7) Integer> counts,
            @ForAll long seed) {
        Run run = new Run(seed, 1, 64);
        for (int groups : counts) {
            run.spec = new ClusterSpec("demo", "c", groups, 1, 64, maxMoves, maxMovesPerGroup);
            for (int i = 0; i < 40; i++) {
                run.passes(1);
                Map<Integer, Integer> load = new TreeMap<>();
                int moving = 0;
                for (var move : run.cluster.root.map().getMovesList()) {
                    if (move.getState() == MoveState.COPYING) {
                        moving++;
                        load.merge(move.getFromGroup(), 1, Integer::sum);
                        load.merge(move.getToGroup(), 1, Integer::sum);
                    }
                }
                assertThat(moving).isLessThanOrEqualTo(maxMoves);
                assertThat(load.values()).allMatch(moves -> moves <= maxMovesPerGroup);
            }
        }
    }

    /** Shards that can't stay, however the remainder is dealt out: all that stay are at most a share's worth of each group. */
    private static long leastMoves(ShardMap map, int groups) {
        Map<Integer, Integer> counts = counts(map);
        List<Integer> staying = new ArrayList<>(counts.keySet()).subList(0, Math.min(groups, counts.size()));
        int share = map.getShardCount() / groups;
        int remainder = map.getShardCount() % groups;
        long stay =
                staying.stream().mapToInt(id -> Math.min(counts.get(id), share)).sum();
        long overShare = staying.stream().filter(id -> counts.get(id) > share).count();
        return map.getShardCount() - stay - Math.min(remainder, overShare);
    }

    private static Map<Integer, Integer> counts(ShardMap map) {
        Map<Integer, Integer> counts = new TreeMap<>();
        map.getGroupsList().forEach(group -> counts.put(group.getId(), 0));
        map.getOwnerList().forEach(owner -> counts.merge(owner, 1, Integer::sum));
        return counts;
    }

    /** A cluster, its specification, and the loop over both. */
    private static final class Run {
        final Random random;
        final SimulatedCluster cluster;
        final ControlLoop loop;
        ClusterSpec spec;

        Run(long seed, int replicas, int shards) {
            random = new Random(seed);
            cluster = new SimulatedCluster();
            loop = new ControlLoop(cluster, cluster);
            spec = ClusterSpec.of("demo", "c", 2, replicas, shards);
        }

        void passes(int count) {
            for (int i = 0; i < count; i++) {
                cluster.tick(random);
                loop.run(spec);
            }
        }

        void settle() {
            Pass last = null;
            for (int i = 0; i < PASSES_TO_SETTLE; i++) {
                cluster.tick(random);
                last = loop.run(spec);
                if (last.settled()) {
                    assertBalanced();
                    return;
                }
            }
            throw new AssertionError("not settled: " + last.plan());
        }

        private void assertBalanced() {
            ShardMap map = cluster.root.map();
            assertThat(map.getGroupsList()).extracting(Group::getState).containsOnly(GroupState.ACTIVE);
            assertThat(map.getGroupsCount()).isEqualTo(spec.groups());
            assertThat(cluster.groups()).hasSize(spec.groups());
            assertThat(map.getMovesCount()).isZero();
            int share = map.getShardCount() / spec.groups();
            assertThat(counts(map).values()).allMatch(count -> count == share || count == share + 1);
            map.getGroupsList().forEach(this::assertMembers);
        }

        private void assertMembers(Group group) {
            int replicas = spec.replicas();
            assertThat(cluster.sizes.get(group.getId())).isEqualTo(replicas);
            assertThat(cluster.learners.getOrDefault(group.getId(), Set.of())).isEmpty();
            assertThat(cluster.voters(group.getId()))
                    .hasSize(replicas)
                    .containsExactlyInAnyOrderElementsOf(cluster.nodes(group.getId()).stream()
                            .limit(replicas)
                            .map(node -> node.memberId)
                            .toList())
                    .containsExactlyInAnyOrderElementsOf(
                            group.getMembersList().stream().map(Member::getId).toList());
        }

        void mishap() {
            List<SimulatedNode> nodes = cluster.nodes();
            switch (random.nextInt(10)) {
                case 0, 1 -> spec = spec.withGroups(1 + random.nextInt(6));
                case 2 -> cluster.callsLeft = random.nextInt(4);
                case 3, 4 -> {
                    if (!nodes.isEmpty()) {
                        cluster.crash(nodes.get(random.nextInt(nodes.size())));
                    }
                }
                case 5 -> nodes.forEach(cluster::start);
                case 6 -> cluster.revision++;
                case 7 -> spec = spec.withReplicas(1 + 2 * random.nextInt(3));
                case 8 -> loseADisk();
                default -> {
                    if (random.nextInt(4) == 0 && !cluster.groups().isEmpty()) {
                        cluster.deleteByHand(cluster.groups().getLast().id());
                    }
                }
            }
            if (random.nextInt(3) == 0) {
                cluster.callsLeft = -1;
            }
        }

        /** One that the rest of its group can do without. */
        private void loseADisk() {
            cluster.nodes().stream()
                    .filter(node -> node.serves() && allServe(cluster.voters(node.group)))
                    .skip(random.nextInt(4))
                    .findFirst()
                    .ifPresent(cluster::wipe);
        }

        private boolean allServe(List<String> voters) {
            return voters.size() >= 3
                    && cluster.nodes().stream()
                                    .filter(node -> node.serves() && voters.contains(node.memberId))
                                    .count()
                            == voters.size();
        }

        void recover() {
            cluster.callsLeft = -1;
            cluster.nodes().forEach(cluster::start);
        }
    }
}
