package dev.quorate.operator.status;

import static dev.quorate.operator.status.Situations.served;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.GroupState;
import dev.quorate.api.ShardMap;
import dev.quorate.control.Finding;
import dev.quorate.control.Observation.MapView;
import dev.quorate.crds.KVGroup;
import dev.quorate.crds.KVGroupSpec;
import dev.quorate.crds.KVGroupStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is said of the second group, in which situation. */
class GroupStatusesTest {
    private static final Instant MORNING = Instant.parse("2026-01-01T08:00:00Z");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final KVGroup group = group();

    @Test
    void serving() {
        KVGroupStatus status = status(MORNING, served(2));
        assertCondition(status, "Ready", "True", "Serving", "demo-g2-0 leads group 2");
        assertCondition(status, "Degraded", "False", "AsExpected", "");
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(status.conditions())
                .allSatisfy(each -> assertThat(each.getObservedGeneration()).isEqualTo(1));
    }

    @Test
    void aLostQuorumIsSaidWhoeverIsStillNamedAsLeader() {
        KVGroupStatus status = status(MORNING, served(2), silent(), new Finding.QuorumLost(2, 1, 3));
        assertCondition(status, "Ready", "False", "QuorumLost", "group 2 has lost its quorum: 1 of 3 members answer");
        assertCondition(status, "Degraded", "True", "NodeSilent", "demo-g2-1");
        assertCondition(status, "Degraded", "True", "NodeSilent", "lost its quorum");
    }

    @Test
    void aSilentNodeOfAGroupThatServesDegradesIt() {
        KVGroupStatus status = status(MORNING, served(2), silent());
        assertCondition(status, "Ready", "True", "Serving", "");
        assertCondition(status, "Degraded", "True", "NodeSilent", "does not answer: connection refused");
    }

    @Test
    void otherGroupsTroublesAreNotThisOnes() {
        KVGroupStatus status = status(MORNING, served(2), new Finding.QuorumLost(1, 1, 3));
        assertCondition(status, "Ready", "True", "Serving", "");
        assertCondition(status, "Degraded", "False", "AsExpected", "");
    }

    @Test
    void withoutALeader() {
        MapView nobodyLeads = new MapView.Known(served(2).map(), List.of());
        assertCondition(status(MORNING, nobodyLeads), "Ready", "False", "NoLeader", "group 2 has no known leader");
        assertCondition(
                status(MORNING, nobodyLeads, new Finding.NoLeader(2)), "Ready", "False", "NoLeader", "is electing");
    }

    @Test
    void onItsWayToServe() {
        MapView unknown = served(1);
        assertCondition(status(MORNING, unknown), "Ready", "False", "Starting", "group 2 is starting");
        assertCondition(
                status(MORNING, unknown, silent(), new Finding.WaitingForNodes(2, 1, 3)),
                "Ready",
                "False",
                "NodeSilent",
                "connection refused");
        ShardMap.Builder joining = served(2).map().toBuilder();
        joining.getGroupsBuilder(1).setState(GroupState.JOINING);
        KVGroupStatus status =
                status(MORNING, new MapView.Known(joining.build(), served(2).leaders()), new Finding.Joining(2));
        assertCondition(status, "Ready", "False", "GroupJoining", "group 2 is joining");
        assertCondition(status, "Degraded", "False", "AsExpected", "");
    }

    @Test
    void aRecordOfMembersAloneIsAStart() {
        group.setStatus(new KVGroupStatus(null, null, null, null, List.of(), null, null));
        KVGroupStatus status = status(MORNING, new MapView.Unreadable("nobody leads"));
        assertThat(status.state()).isEqualTo("Starting");
        assertCondition(status, "Ready", "False", "Starting", "group 2 is starting");
    }

    @Test
    void timeOfAConditionIsThatOfItsLastChange() {
        group.setStatus(status(MORNING, served(2)));
        assertThat(status(NOON, served(2))).as("nothing to write").isEqualTo(GroupStatuses.comparable(group));

        KVGroupStatus degraded = status(NOON, served(2), silent());
        assertThat(condition(degraded, "Ready").getLastTransitionTime()).isEqualTo(MORNING.toString());
        assertThat(condition(degraded, "Degraded").getLastTransitionTime()).isEqualTo(NOON.toString());
    }

    private static Finding silent() {
        return new Finding.NodeSilent(2, "demo-g2-1", "connection refused");
    }

    private KVGroupStatus status(Instant now, MapView map, Finding... findings) {
        return GroupStatuses.of(
                group, Situations.passed(Situations.cluster(), new TreeMap<>(), map, List.of(), findings), now);
    }

    private static KVGroup group() {
        KVGroup group = new KVGroup();
        group.getMetadata().setName("demo-g2");
        group.getMetadata().setGeneration(1L);
        group.setSpec(new KVGroupSpec("demo", "uid", 2));
        return group;
    }

    private static void assertCondition(
            KVGroupStatus status, String type, String expected, String reason, String words) {
        Condition condition = condition(status, type);
        assertThat(condition.getStatus()).isEqualTo(expected);
        assertThat(condition.getReason()).isEqualTo(reason);
        assertThat(condition.getMessage()).contains(words);
    }

    private static Condition condition(KVGroupStatus status, String type) {
        return status.conditions().stream()
                .filter(each -> each.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }
}
