package dev.quorate.operator.status;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.ShardMap;
import dev.quorate.control.Finding;
import dev.quorate.control.Observation.GroupObservation;
import dev.quorate.control.Planner;
import dev.quorate.crds.KVGroup;
import dev.quorate.crds.KVGroupStatus;
import dev.quorate.crds.KVGroupStatus.BootstrapMember;
import dev.quorate.operator.kubernetes.BootstrapRecord;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Makes a KVGroup's status, but for the root group's members: they are a record, which {@code BootstrapRecord} writes. */
public final class GroupStatuses {
    private static final String STARTING = "Starting";
    private static final Set<String> NOT_YET_SERVING = Set.of(STARTING, name(GroupState.JOINING));
    private static final KVGroupStatus NOTHING = new KVGroupStatus(STARTING, null, null, null, null, null, null);

    private GroupStatuses() {}

    /**
     * The status as it shall be. While the shard map can't be read, what it says stays as it was last read.
     *
     * @param now when the conditions that change do so
     */
    public static KVGroupStatus of(KVGroup kvGroup, Situation.Passed situation, Instant now) {
        int id = kvGroup.getSpec().id();
        KVGroupStatus before = Objects.requireNonNullElse(kvGroup.getStatus(), NOTHING);
        Optional<ShardMap> map = situation.map();
        Optional<Group> known = map.flatMap(found -> found.getGroupsList().stream()
                .filter(group -> group.getId() == id)
                .findFirst());
        String state = map.isEmpty()
                ? Objects.requireNonNullElse(before.state(), STARTING)
                : known.map(group -> name(group.getState())).orElse(STARTING);
        long generation = kvGroup.getMetadata().getGeneration();
        Conditions conditions =
                new Conditions(Objects.requireNonNullElse(before.conditions(), List.of()), generation, now);
        Findings findings = Findings.of(situation).ofGroup(id);
        ready(id, state, situation.leader(id), findings, conditions);
        findings.degraded(conditions);
        return new KVGroupStatus(
                state,
                map.map(found -> shards(found, id)).orElse(before.shards()),
                situation.leader(id).orElse(null),
                readyPods(situation, id),
                id == Planner.ROOT ? null : known.map(GroupStatuses::members).orElse(before.members()),
                conditions.list(),
                generation);
    }

    /** The root group's members are compared and written by nobody here. */
    public static KVGroupStatus comparable(KVGroup kvGroup) {
        KVGroupStatus status = Objects.requireNonNullElse(kvGroup.getStatus(), NOTHING);
        return kvGroup.getSpec().id() == Planner.ROOT
                ? new KVGroupStatus(
                        status.state(),
                        status.shards(),
                        status.leader(),
                        status.ready(),
                        null,
                        status.conditions(),
                        status.observedGeneration())
                : status;
    }

    private static void ready(int id, String state, Optional<String> leader, Findings findings, Conditions conditions) {
        boolean joined = !NOT_YET_SERVING.contains(state);
        if (joined && leader.isPresent() && findings.stopping(id).isEmpty()) {
            conditions.add(Conditions.READY, Conditions.TRUE, "Serving", leader.get() + " leads group " + id);
            return;
        }
        Optional<Finding> why = findings.stopping(id)
                .or(findings::worst)
                .or(() -> findings.underWay().stream().findFirst());
        conditions.add(
                Conditions.READY,
                Conditions.FALSE,
                why.map(findings::reason).orElse(joined ? "NoLeader" : STARTING),
                why.map(Finding::words).orElse("group " + id + (joined ? " has no known leader" : " is starting")));
    }

    private static String name(GroupState state) {
        String name = state.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    private static int shards(ShardMap map, int id) {
        return (int) map.getOwnerList().stream().filter(owner -> owner == id).count();
    }

    private static String readyPods(Situation.Passed situation, int id) {
        Optional<GroupObservation> group = situation.pass().observation().group(id);
        long ready = group.stream()
                .flatMap(found -> found.nodes().stream())
                .filter(node -> node.node().ready())
                .count();
        int size =
                group.map(GroupObservation::size).orElse(situation.pass().spec().replicas());
        return ready + "/" + size;
    }

    private static List<BootstrapMember> members(Group group) {
        return group.getMembersCount() == 0
                ? null
                : group.getMembersList().stream().map(BootstrapRecord::entry).toList();
    }
}
