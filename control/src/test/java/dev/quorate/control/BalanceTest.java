package dev.quorate.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.ShardMap;
import dev.quorate.control.Observation.MapView;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the planner decides about shards: how few of them move, where to, and when none does. */
class BalanceTest {
    private static final int PASSES_TO_SETTLE = 3_000;

    private final Random random = new Random(1);

    /** A cluster and the loop over it. */
    private final class Run {
        final SimulatedCluster cluster;
        final ControlLoop loop;
        ClusterSpec spec;

        Run(ClusterSpec spec) {
            this.spec = spec;
            cluster = new SimulatedCluster();
            loop = new ControlLoop(cluster, cluster);
        }

        Pass pass() {
            cluster.tick(random);
            return loop.run(spec);
        }

        void settle() {
            assertThat(IntStream.range(0, PASSES_TO_SETTLE).anyMatch(_ -> pass().settled()))
                    .as("settled")
                    .isTrue();
        }

        void scale(int groups) {
            spec = spec.withGroups(groups);
            settle();
        }
    }

    @Test
    void aFourthGroupTakesAtMostAQuarterOfTheShardsAndOne() {
        for (int shards = 4; shards <= 256; shards *= 4) {
            Run run = new Run(ClusterSpec.of("demo", "c", 3, 1, shards));
            run.settle();
            run.cluster.movesStarted = 0;
            run.scale(4);
            assertThat(run.cluster.movesStarted).isPositive().isLessThanOrEqualTo(shards / 4 + 1);
        }
    }

    @Test
    void aBalancedClusterMovesNothingWhateverItsNodesDo() {
        Run run = new Run(ClusterSpec.of("demo", "c", 3, 3, 64));
        run.settle();
        run.cluster.movesStarted = 0;
        for (int i = 0; i < 60; i++) {
            var nodes = run.cluster.nodes();
            run.cluster.crash(nodes.get(random.nextInt(nodes.size())));
            run.pass();
            run.cluster.nodes().forEach(run.cluster::start);
            run.pass();
        }
        assertThat(run.cluster.movesStarted).isZero();
    }

    @Test
    void nothingMovesToAGroupThatIsNotHealthy() {
        Run run = new Run(new ClusterSpec("demo", "c", 2, 3, 64, 1, 1));
        run.settle();
        run.spec = run.spec.withGroups(3);
        while (run.cluster.root.map().getMovesCount() == 0) {
            run.pass();
        }
        run.cluster.nodes(3).stream().limit(2).forEach(run.cluster::crash);
        run.pass();
        run.cluster.movesStarted = 0;
        IntStream.range(0, 30).forEach(_ -> run.pass());
        assertThat(run.cluster.movesStarted).isZero();
        run.cluster.nodes().forEach(run.cluster::start);
        run.settle();
        assertThat(run.cluster.movesStarted).isPositive();
    }

    /** The time that it takes is printed, and written down in docs/measured.md; here only what is planned counts. */
    @Test
    void ofSixteenThousandShardsOnAHundredGroupsTheLastGroupGetsItsShare() {
        int shards = 16_384;
        Run run = new Run(ClusterSpec.of("demo", "c", 100, 1, 128));
        run.settle();
        Observation small = run.loop.observe();
        ClusterSpec spec = new ClusterSpec("demo", "c", 100, 1, shards, shards, shards);
        MapView.Known known = (MapView.Known) small.map();
        ShardMap map = known.map().toBuilder()
                .setShardCount(shards)
                .clearOwner()
                .addAllOwner(IntStream.range(0, shards)
                        .mapToObj(shard -> 1 + shard % 99)
                        .toList())
                .build();
        Observation large =
                new Observation(new MapView.Known(map, known.leaders()), small.groups(), small.formedBefore());
        long start = System.nanoTime();
        Plan plan = Planner.plan(spec, large);
        System.out.println("planning: " + shards + " shards on 100 groups in " + (System.nanoTime() - start) / 1_000_000
                + " ms, the first time");
        assertThat(plan.steps()).hasSize(shards / 100);
        assertThat(plan.steps())
                .extracting(
                        step -> ((Step.ChangeMap) step).change().getStartMove().getToGroup())
                .containsOnly(100);
    }
}
