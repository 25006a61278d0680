package dev.quorate.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.api.MapChange;
import dev.quorate.api.Member;
import dev.quorate.api.MoveState;
import dev.quorate.control.SimulatedCluster.SimulatedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the planner does in the situations that lost others their data or their cluster, one by one. */
class PlannerTest {
    private final SimulatedCluster cluster = new SimulatedCluster();
    private final ControlLoop loop = new ControlLoop(cluster, cluster);
    private final Random random = new Random(1);
    private ClusterSpec spec = ClusterSpec.of("demo", "c", 2, 3, 16);

    @Test
    void theRecordComesBeforeTheBootstrapAndTheMapAfterIt() {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            cluster.tick(random);
            loop.run(spec.withGroups(1))
                    .outcomes()
                    .forEach(outcome -> words.add(outcome.step().words()));
        }
        assertThat(words)
                .containsExactly(
                        "create group 1",
                        "record the members of group 1",
                        "bootstrap group 1",
                        "create the shard map with 16 shards");
    }

    @Test
    void aSecondGroupIsRecordedInTheMapAndServesBeforeItGetsShards() {
        spec = spec.withGroups(1);
        settle();
        spec = spec.withGroups(2);
        assertThat(wordsOfPasses(10))
                .startsWith(
                        "add group 2",
                        "create group 2",
                        "record the members of group 2",
                        "bootstrap group 2",
                        "make group 2 active",
                        "move shard 0 from group 1 to group 2");
    }

    @Test
    void aKnownClusterWhoseDisksAreAllEmptyIsNeverBootstrappedAgain() {
        settle();
        cluster.nodes().forEach(cluster::wipe);
        Plan plan = plan();
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.findings()).contains(new Finding.DataLost(1));
        assertThat(plan.findings()).anyMatch(finding -> finding.severity() == Finding.Severity.BLOCKED);
    }

    @Test
    void anEmptyRootGroupWithoutARecordIsNoNewClusterWhileAnotherGroupIsThere() {
        settle();
        loseRoot();
        cluster.formedBefore = false;
        cluster.nodes(2).forEach(cluster::crash);
        assertThat(wordsOfPasses(10)).containsExactly("create group 1");
        assertThat(plan().findings()).contains(new Finding.DataLost(1));
    }

    @Test
    void anEmptyRootGroupWithoutARecordIsNoNewClusterWhenThePlatformKnowsBetter() {
        spec = spec.withGroups(1);
        settle();
        loseRoot();
        assertThat(wordsOfPasses(10)).containsExactly("create group 1");
        assertThat(plan().findings()).containsExactly(new Finding.DataLost(1));
    }

    @Test
    void anEmptyRootNodeIsNoLossWhileAnotherMayHoldTheState() {
        settle();
        cluster.records.clear();
        cluster.wipe(cluster.nodes(1).get(0));
        cluster.wipe(cluster.nodes(1).get(1));
        cluster.crash(cluster.nodes(1).get(2));
        assertThat(plan().steps()).isEmpty();
        assertThat(plan().findings())
                .contains(new Finding.WaitingForNodes(1, 2, 3))
                .doesNotContain(new Finding.DataLost(1));
    }

    @Test
    void aControllerCutOffAtAnyStepOfTheFirstFormationIsFollowedUp() {
        for (int calls = 0; calls <= 4; calls++) {
            SimulatedCluster fresh = new SimulatedCluster();
            ControlLoop formation = new ControlLoop(fresh, fresh);
            fresh.callsLeft = calls;
            for (int i = 0; i < 10; i++) {
                fresh.tick(random);
                formation.run(spec);
            }
            fresh.callsLeft = -1;
            for (int i = 0; i < 40; i++) {
                fresh.tick(random);
                formation.run(spec);
            }
            assertThat(formation.run(spec).settled())
                    .as("cut off after " + calls + " calls")
                    .isTrue();
        }
    }

    @Test
    void aGroupWhoseDisksAreAllEmptyIsNeverBootstrappedAgain() {
        settle();
        cluster.nodes(2).forEach(cluster::wipe);
        Plan plan = plan();
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.findings()).contains(new Finding.DataLost(2));
    }

    @Test
    void anEmptyDiskIsNotTheMemberThatItWas() {
        settle();
        cluster.wipe(cluster.nodes(1).get(2));
        assertThat(plan().steps()).extracting(Step::words).containsExactly("add demo-1-2 to group 1");
        assertThat(plan().findings()).containsExactly(new Finding.WipedMember(1, "demo-1-2"));
    }

    @Test
    void aMemberWhoseDiskIsLostIsReplacedByTheNewOneOfItsName() {
        settle();
        String lost = cluster.nodes(2).get(2).memberId;
        cluster.wipe(cluster.nodes(2).get(2));
        assertThat(wordsOfPasses(10))
                .containsExactly(
                        "add demo-2-2 to group 2",
                        "give a vote to demo-2-2 in group 2",
                        "record the members of group 2");
        assertThat(plan().steps()).isEmpty();
        assertThat(plan().findings()).isEmpty();
        assertThat(cluster.root.map().getGroups(1).getMembersList())
                .extracting(Member::getId)
                .hasSize(3)
                .contains(cluster.nodes(2).get(2).memberId)
                .doesNotContain(lost);
    }

    @Test
    void aMemberThatIsOnlySilentIsWaitedFor() {
        settle();
        cluster.crash(cluster.nodes(2).get(2));
        assertThat(plan().steps()).isEmpty();
    }

    @Test
    void aGroupThatRemovedAReplicaGetsANewOneOnItsNode() {
        settle();
        SimulatedCluster.SimulatedNode removed = cluster.nodes(1).stream()
                .filter(node -> !node.memberId.equals(cluster.leaders.get(1)))
                .findFirst()
                .orElseThrow();
        cluster.removeFromGroup(removed);
        assertThat(wordsOfPasses(10)).contains("add " + removed.name + " to group 1");
        assertThat(plan().steps()).isEmpty();
        assertThat(cluster.root.map().getGroups(0).getMembersList())
                .extracting(Member::getId)
                .contains(removed.memberId);
    }

    @Test
    void aGroupGrowsByLearnersThatGetTheirVotesTogether() {
        spec = ClusterSpec.of("demo", "c", 1, 1, 16);
        settle();
        spec = spec.withReplicas(3);
        assertThat(plan().findings()).contains(new Finding.Resizing(1, 1, 3, ""));
        assertThat(wordsOfPasses(10))
                .containsExactly(
                        "give group 1 3 nodes",
                        "add demo-1-1 to group 1",
                        "add demo-1-2 to group 1",
                        "give a vote to demo-1-1, demo-1-2 in group 1",
                        "record the members of group 1");
        assertThat(plan().settled()).isTrue();
    }

    @Test
    void aGroupShrinksUnderALeaderThatStaysAndThenItsNodesGo() {
        spec = ClusterSpec.of("demo", "c", 1, 5, 16);
        settle();
        cluster.leaders.put(1, cluster.nodes(1).get(4).memberId);
        spec = spec.withReplicas(3);
        assertThat(wordsOfPasses(10))
                .containsExactly(
                        "hand the leadership of group 1 to demo-1-0",
                        "remove demo-1-3, demo-1-4 from group 1",
                        "record the members of group 1",
                        "give group 1 3 nodes");
        assertThat(plan().settled()).isTrue();

        String former = cluster.nodes(1).get(4).memberId;
        spec = spec.withReplicas(5);
        settle();
        assertThat(cluster.nodes(1).get(4).memberId)
                .as("the volume that was left")
                .isEqualTo(former);
        assertThat(cluster.voters(1)).hasSize(5).contains(former);
    }

    @Test
    void whoIsToStayWithoutAVoteGetsTheVoteOfOneThatLeaves() {
        spec = ClusterSpec.of("demo", "c", 1, 3, 16);
        settle();
        cluster.leaders.put(1, cluster.nodes(1).get(1).memberId);
        cluster.removeFromGroup(cluster.nodes(1).getFirst());
        spec = spec.withReplicas(1);
        assertThat(wordsOfPasses(10))
                .containsSubsequence(
                        "add demo-1-0 to group 1",
                        "give a vote to demo-1-0 in group 1",
                        "hand the leadership of group 1 to demo-1-0",
                        "remove demo-1-1, demo-1-2 from group 1",
                        "give group 1 1 node");
        assertThat(plan().settled()).isTrue();
    }

    @Test
    void nobodyLeavesBeforeAllThatStayHaveCaughtUp() {
        spec = ClusterSpec.of("demo", "c", 1, 5, 16);
        settle();
        cluster.crash(cluster.nodes(1).get(1));
        spec = spec.withReplicas(3);
        assertThat(plan().steps()).isEmpty();
        assertThat(plan().findings()).contains(new Finding.Resizing(1, 5, 3, "demo-1-1"));
        cluster.nodes().forEach(cluster::start);
        settle();
        assertThat(cluster.voters(1)).hasSize(3);
    }

    @Test
    void nodesTakenAwayByHandComeBack() {
        settle();
        cluster.scaleByHand(2, 1);
        assertThat(plan().steps()).contains(new Step.ResizeGroup(2, 3));
        settle();
        spec = spec.withReplicas(1);
        settle();
        cluster.scaleByHand(2, 3);
        assertThat(wordsOfPasses(6)).containsExactly("give group 2 1 node");
    }

    @Test
    void anotherNumberBeforeTheGroupIsFormedTakesEffectAtOnce() {
        spec = ClusterSpec.of("demo", "c", 1, 5, 16);
        loop.run(spec);
        spec = spec.withReplicas(3);
        assertThat(wordsOfPasses(10)).startsWith("give group 1 3 nodes", "record the members of group 1");
        assertThat(cluster.voters(1)).hasSize(3);
    }

    @Test
    void adoptedVolumesAreTheirOwnRecord() {
        settle();
        cluster.records.clear();
        cluster.deleteByHand(1);
        cluster.deleteByHand(2);
        settle();
        assertThat(cluster.records.get(1)).hasSize(3);
    }

    @Test
    void volumesOfAnotherClusterAreLeftAlone() {
        settle();
        cluster.records.clear();
        spec = ClusterSpec.of("demo", "another", 2, 3, 16);
        Plan plan = plan();
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.findings())
                .contains(
                        new Finding.ForeignVolume(1, "demo-1-0", "group 1 of cluster c"),
                        new Finding.WrongMap("it belongs to cluster c"));
    }

    @Test
    void nothingDependsOnAMapThatCannotBeRead() {
        settle();
        cluster.crash(cluster.nodes(1).get(0));
        cluster.crash(cluster.nodes(1).get(1));
        spec = spec.withGroups(5);
        Plan plan = plan();
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.findings())
                .contains(
                        new Finding.QuorumLost(1, 1, 3),
                        new Finding.MapUnreadable("the root group has no leader"),
                        new Finding.NodeSilent(1, "demo-1-0", "it is being restarted"));
    }

    @Test
    void aGroupDeletedByHandIsMadeAgainOverItsVolumes() {
        settle();
        cluster.deleteByHand(2);
        assertThat(plan().steps()).containsExactly(new Step.CreateGroup(2, 3));
        settle();
    }

    @Test
    void resourcesThatTheMapHasNeverKnownStay() {
        settle();
        cluster.createGroup(7, 3);
        assertThat(plan().steps()).isEmpty();
        assertThat(plan().findings()).contains(new Finding.StrayGroup(7));
    }

    @Test
    void changesOfGroupsAreFencedOneAfterTheOther() {
        settle();
        long epoch = cluster.root.map().getEpoch();
        spec = spec.withGroups(4);
        assertThat(plan().steps())
                .extracting(step -> ((Step.ChangeMap) step).change().getExpectedEpoch())
                .containsExactly(epoch, epoch + 1);
    }

    @Test
    void aStaleControllerIsRefused() {
        settle();
        Plan stale = Planner.plan(spec.withGroups(3), loop.observe());
        spec = spec.withGroups(4);
        settle();
        MapChange change = ((Step.ChangeMap) stale.steps().getFirst()).change();
        assertThat(cluster.change(List.of(), change).getAccepted()).isFalse();
    }

    @Test
    void movesToAGroupThatLeavesAreCalledOff() {
        spec = spec.withGroups(1);
        settle();
        spec = spec.withGroups(2);
        while (cluster.root.map().getMovesCount() == 0) {
            cluster.tick(random);
            loop.run(spec);
        }
        spec = spec.withGroups(1);
        loop.run(spec);
        assertThat(cluster.root.map().getMovesList())
                .isNotEmpty()
                .allMatch(move -> move.getState() == MoveState.ABORTED);
        settle();
    }

    @Test
    void movesToAGroupThatLostItsQuorumAreCalledOff() {
        spec = spec.withGroups(1);
        settle();
        spec = spec.withGroups(2);
        while (cluster.root.map().getMovesCount() == 0) {
            cluster.tick(random);
            loop.run(spec);
        }
        cluster.crash(cluster.nodes(2).get(0));
        cluster.crash(cluster.nodes(2).get(1));
        loop.run(spec);
        assertThat(cluster.root.map().getMovesList()).allMatch(move -> move.getState() == MoveState.ABORTED);
        cluster.nodes().forEach(cluster::start);
        settle();
    }

    @Test
    void aGroupOfWhichNobodyAnswersHasLostItsQuorum() {
        spec = spec.withGroups(2);
        settle();
        cluster.nodes(2).forEach(cluster::crash);
        assertThat(loop.run(spec).plan().findings()).contains(new Finding.QuorumLost(2, 0, 3));
    }

    @Test
    void aRolloutLeavesTheLeaderForLastAndAsksItToHandOver() {
        spec = spec.withGroups(1);
        settle();
        cluster.revision++;
        assertThat(wordsOfPasses(30))
                .containsExactly(
                        "restart demo-1-1 of group 1",
                        "restart demo-1-2 of group 1",
                        "hand the leadership of group 1 to demo-1-1",
                        "restart demo-1-0 of group 1");
    }

    @Test
    void aBadRevisionStopsAtTheFirstNodeAndIsRepairedByTheNextOne() {
        settle();
        cluster.revision = 1;
        cluster.brokenRevision = 1;
        for (int i = 0; i < 30; i++) {
            cluster.tick(random);
            loop.run(spec);
        }
        assertThat(cluster.nodes().stream().filter(node -> !node.up)).hasSize(1);
        cluster.revision = 2;
        settle();
    }

    @Test
    void aBadRevisionOfANewClusterIsRepairedByTheNextOne() {
        cluster.revision = 1;
        cluster.brokenRevision = 1;
        for (int i = 0; i < 10; i++) {
            cluster.tick(random);
            loop.run(spec);
        }
        assertThat(cluster.nodes()).hasSize(3).noneMatch(SimulatedNode::serves);
        assertThat(plan().findings()).contains(new Finding.WaitingForNodes(1, 0, 3));
        cluster.revision = 2;
        settle();
    }

    @Test
    void aSpecificationThatCannotBeMetIsRefusedInASentence() {
        assertThatThrownBy(() -> ClusterSpec.of("demo", "c", 17, 3, 16))
                .hasMessage("groups must be from 1 to the number of shards, which is 16, not 17");
        assertThatThrownBy(() -> ClusterSpec.of("demo", "c", 2, 2, 16)).hasMessageContaining("replicas must be odd");
        assertThatThrownBy(() -> ClusterSpec.of("demo", "c", 2, 11, 16)).hasMessageContaining("from 1 to 9, not 11");
        assertThatThrownBy(() -> ClusterSpec.of("demo", "c", 2, 3, 100)).hasMessageContaining("a power of two");
    }

    /** The root group's resources, record and volumes are deleted by hand. */
    private void loseRoot() {
        cluster.records.clear();
        cluster.deleteByHand(1);
        cluster.nodes(1).forEach(cluster::wipe);
    }

    private List<String> wordsOfPasses(int passes) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < passes; i++) {
            cluster.tick(random);
            loop.run(spec)
                    .outcomes()
                    .forEach(outcome -> words.add(outcome.step().words()));
        }
        return words;
    }

    private Plan plan() {
        return Planner.plan(spec, loop.observe());
    }

    private void settle() {
        for (int i = 0; i < 200; i++) {
            cluster.tick(random);
            if (loop.run(spec).settled()) {
                return;
            }
        }
        throw new AssertionError("not settled: " + plan());
    }
}
