package dev.quorate.operator.status;

import static dev.quorate.operator.status.Situations.served;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.control.Finding;
import dev.quorate.control.Observation.MapView;
import dev.quorate.control.Step;
import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVClusterStatus;
import dev.quorate.operator.kubernetes.Trouble;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is said of which situation. */
class ClusterStatusesTest {
    private static final Instant MORNING = Instant.parse("2026-01-01T08:00:00Z");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final KVCluster cluster = Situations.cluster();
    private final TreeMap<String, Trouble> troubles = new TreeMap<>();

    @Test
    void settledAndServing() {
        KVClusterStatus status = status(MORNING, served(2));
        assertThat(status.groups()).isEqualTo(2);
        assertThat(status.leaders()).extracting("pod").containsExactly("demo-g1-0", "demo-g2-0");
        assertThat(status.leading()).isEqualTo("2/2");
        assertThat(status.message()).isEqualTo("2 groups serve 4 shards");
        assertThat(condition(status, "Ready").getStatus()).isEqualTo("True");
        assertThat(condition(status, "Progressing").getStatus()).isEqualTo("False");
        assertThat(condition(status, "Degraded").getStatus()).isEqualTo("False");
        assertThat(condition(status, "Balanced").getStatus()).isEqualTo("True");
        assertThat(status.conditions())
                .allSatisfy(each -> assertThat(each.getObservedGeneration()).isEqualTo(7));
    }

    @Test
    void firstReadyWithAllGroupsAndThenWhileTheyComeAndGo() {
        Finding joining = new Finding.Joining(2);
        assertThat(condition(status(MORNING, served(1), joining), "Ready").getStatus())
                .isEqualTo("False");
        cluster.setStatus(status(MORNING, served(2)));
        assertThat(condition(status(NOON, served(1), joining), "Ready").getStatus())
                .isEqualTo("True");
    }

    @Test
    void timeOfAConditionIsThatOfItsLastChange() {
        cluster.setStatus(status(MORNING, served(2)));
        KVClusterStatus later = status(NOON, served(2), new Finding.QuorumLost(2, 1, 3));
        assertThat(condition(later, "Ready").getLastTransitionTime()).isEqualTo(NOON.toString());
        assertThat(condition(later, "Progressing").getLastTransitionTime()).isEqualTo(MORNING.toString());
        assertThat(status(NOON, served(2))).isEqualTo(cluster.getStatus());
    }

    @Test
    void whatAPersonMustDecideComesFirst() {
        KVClusterStatus status = status(
                MORNING, served(2), new Finding.NodeSilent(1, "demo-g1-0", "no answer"), new Finding.DataLost(2));
        assertThat(condition(status, "Degraded").getReason()).isEqualTo("DataLost");
        assertThat(condition(status, "Degraded").getMessage()).contains("all its disks are empty", "demo-g1-0");
        assertThat(condition(status, "Ready").getReason()).isEqualTo("DataLost");
    }

    @Test
    void whatIsSaidOfManyNodesLeavesRoomForALostQuorum() {
        String reason = "its image can't be pulled: " + "x".repeat(400);
        troubles.put("demo-g1-0", new Trouble(Trouble.Kind.IMAGE_PULL_FAILED, reason));
        KVClusterStatus status = status(
                MORNING,
                served(2),
                new Finding.NodeSilent(1, "demo-g1-0", reason),
                new Finding.NodeSilent(2, "demo-g2-0", reason),
                new Finding.NodeSilent(2, "demo-g2-1", reason),
                new Finding.QuorumLost(2, 1, 3));
        assertThat(condition(status, "Degraded").getReason()).isEqualTo("ImagePullFailed");
        assertThat(condition(status, "Degraded").getMessage()).contains("group 2 has lost its quorum");
    }

    @Test
    void aSilentNodeOfANewClusterIsAwaitedUnlessItCannotRun() {
        MapView none = new MapView.Unreadable("no node of the root group runs");
        Finding silent = new Finding.NodeSilent(1, "demo-g1-0", "it does not run");
        assertThat(condition(status(MORNING, none, silent), "Degraded").getStatus())
                .isEqualTo("False");
        troubles.put("demo-g1-0", new Trouble(Trouble.Kind.IMAGE_PULL_FAILED, "its image can't be pulled"));
        assertThat(condition(status(MORNING, none, silent), "Degraded").getReason())
                .isEqualTo("ImagePullFailed");
    }

    @Test
    void groupsWithAKnownLeaderAreCounted() {
        MapView.Known served = served(2);
        MapView oneLeads = new MapView.Known(served.map(), served.leaders().subList(0, 1));
        assertThat(status(MORNING, oneLeads).leading()).isEqualTo("1/2");
    }

    @Test
    void aGroupThatJoinsIsNotBroken() {
        Finding unwell = new Finding.NodeUnwell(2, "demo-g2-0", "no leader is known");
        KVClusterStatus joining = status(MORNING, served(1), new Finding.Joining(2), unwell);
        assertThat(condition(joining, "Degraded").getStatus()).isEqualTo("False");
        assertThat(condition(joining, "Balanced").getStatus()).isEqualTo("False");
        assertThat(condition(status(MORNING, served(2), unwell), "Degraded").getReason())
                .isEqualTo("NodeUnwell");
    }

    @Test
    void notBalancedBeforeTheGroupsAskedForAreThere() {
        assertThat(condition(status(MORNING, served(1)), "Balanced").getStatus())
                .isEqualTo("False");
    }

    @Test
    void anUnreadableMapLeavesWhatWasKnown() {
        cluster.setStatus(status(MORNING, served(2)));
        KVClusterStatus later =
                status(NOON, new MapView.Unreadable("nobody leads"), new Finding.MapUnreadable("nobody leads"));
        assertThat(later.groups()).as("an autoscaler must not see none").isEqualTo(2);
        assertThat(later.epoch()).isEqualTo(5);
        assertThat(condition(later, "Degraded").getReason()).isEqualTo("MapUnreachable");
        assertThat(condition(later, "Balanced").getStatus()).isEqualTo("Unknown");
    }

    @Test
    void anOperatorThatCannotActTakesNothingFromWhatServes() {
        cluster.setStatus(status(MORNING, served(2)));
        KVClusterStatus stopped =
                ClusterStatuses.of(new Situation.Stopped(cluster, "OperatorCannotAct", "the API server says no"), NOON);
        assertThat(condition(stopped, "Ready").getStatus()).isEqualTo("True");
        assertThat(condition(stopped, "Degraded").getMessage()).isEqualTo("the API server says no");
        assertThat(stopped.clusterId()).isEqualTo("uid");
    }

    @Test
    void eventsTellOfStepsInGroupsLivesAndOfConditionsThatChanged() {
        cluster.setStatus(status(MORNING, served(2)));
        Situation.Passed situation =
                situation(served(2), List.of(new Step.CreateGroup(3, 3)), new Finding.QuorumLost(2, 1, 3));
        KVClusterStatus after = ClusterStatuses.of(situation, NOON);
        assertThat(Milestones.of(cluster.getStatus(), after, situation))
                .extracting(Milestones.Milestone::reason)
                .containsExactly("GroupCreated", "QuorumLost", "QuorumLost");
        assertThat(Milestones.of(after, after, situation(served(2), List.of()))).isEmpty();
    }

    private KVClusterStatus status(Instant now, MapView map, Finding... findings) {
        return ClusterStatuses.of(situation(map, List.of(), findings), now);
    }

    private Situation.Passed situation(MapView map, List<Step> steps, Finding... findings) {
        return Situations.passed(cluster, troubles, map, steps, findings);
    }

    private static Condition condition(KVClusterStatus status, String type) {
        return status.conditions().stream()
                .filter(each -> each.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }
}
