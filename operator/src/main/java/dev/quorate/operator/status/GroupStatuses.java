package dev.quorate.operator.status;

import dev.quorate.api.Group;
import dev.quorate.api.ShardMap;
import dev.quorate.control.Observation.GroupObservation;
import dev.quorate.control.Planner;
import dev.quorate.crds.KVGroup;
import dev.quorate.crds.KVGroupStatus;
import dev.quorate.crds.KVGroupStatus.BootstrapMember;
import dev.quorate.operator.kubernetes.BootstrapRecord;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Makes a KVGroup's status, but for the root group's members: they are a record, which {@code BootstrapRecord} writes. */
public final class GroupStatuses {
    private static final KVGroupStatus NOTHING = new KVGroupStatus("Starting", null, null, null, null);

    private GroupStatuses() {}

    /** The status as it shall be. While the shard map can't be read, what it says stays as it was last read. */
    public static KVGroupStatus of(KVGroup kvGroup, Situation.Passed situation) {
        int id = kvGroup.getSpec().id();
        KVGroupStatus before = Objects.requireNonNullElse(kvGroup.getStatus(), NOTHING);
        Optional<ShardMap> map = situation.map();
        Optional<Group> known = map.flatMap(found -> found.getGroupsList().stream()
                .filter(group -> group.getId() == id)
                .findFirst());
        return new KVGroupStatus(
                map.isEmpty() ? before.state() : known.map(group -> name(group)).orElse("Starting"),
                map.map(found -> shards(found, id)).orElse(before.shards()),
                situation.leader(id).orElse(null),
                ready(situation, id),
                id == Planner.ROOT ? null : known.map(GroupStatuses::members).orElse(before.members()));
    }

    /** The root group's members are compared and written by nobody here. */
    public static KVGroupStatus comparable(KVGroup kvGroup) {
        KVGroupStatus status = Objects.requireNonNullElse(kvGroup.getStatus(), NOTHING);
        return kvGroup.getSpec().id() == Planner.ROOT
                ? new KVGroupStatus(status.state(), status.shards(), status.leader(), status.ready(), null)
                : status;
    }

    private static String name(Group group) {
        String name = group.getState().name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    private static int shards(ShardMap map, int id) {
        return (int) map.getOwnerList().stream().filter(owner -> owner == id).count();
    }

    private static String ready(Situation.Passed situation, int id) {
        Optional<GroupObservation> group = situation.pass().observation().group(id);
        long ready = group.stream()
                .flatMap(found -> found.nodes().stream())
                .filter(node -> node.node().ready())
                .count();
        return ready + "/" + situation.pass().spec().replicas();
    }

    private static List<BootstrapMember> members(Group group) {
        return group.getMembersCount() == 0
                ? null
                : group.getMembersList().stream().map(BootstrapRecord::entry).toList();
    }
}
