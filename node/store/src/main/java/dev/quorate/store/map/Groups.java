package dev.quorate.store.map;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.MapChange.AddGroup;
import dev.quorate.api.MapChange.RemoveGroup;
import dev.quorate.api.MapChange.SetGroupMembers;
import dev.quorate.api.MapChange.SetGroupState;
import dev.quorate.api.Member;
import dev.quorate.api.ShardMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Changes of groups. */
final class Groups {
    private Groups() {}

    static ShardMap add(ShardMap map, AddGroup add) throws Refusal {
        int id = add.getGroupId();
        Group existing = find(map, id);
        if (existing != null && existing.getState() == GroupState.JOINING && existing.getMembersCount() == 0) {
            return map;
        }
        Refusal.unless(
                id == map.getNextGroupId(),
                "The next group gets the id " + map.getNextGroupId() + ", not " + id
                        + ": ids only go up and are never used again.");
        return ShardMapMachine.nextEpoch(map)
                .addGroups(Group.newBuilder().setId(id).setState(GroupState.JOINING))
                .setNextGroupId(id + 1)
                .build();
    }

    static ShardMap setMembers(ShardMap map, SetGroupMembers set) throws Refusal {
        Group group = require(map, set.getGroupId());
        checkMembers(map, group.getId(), set.getMembersList());
        if (sameMembers(group.getMembersList(), set.getMembersList())) {
            return map;
        }
        Refusal.unless(
                group.getMembersCount() == 0 || group.getState() != GroupState.JOINING,
                "The members of group " + group.getId()
                        + " are recorded already, and can't be others before it is formed.");
        return replace(map, group.toBuilder().clearMembers().addAllMembers(set.getMembersList()));
    }

    /** Refuses members that can't be those of a group. */
    static void checkMembers(ShardMap map, int group, List<Member> members) throws Refusal {
        Refusal.unless(!members.isEmpty(), "Group " + group + " needs at least one member.");
        Set<String> ids = new HashSet<>();
        for (Member member : members) {
            Refusal.unless(!member.getId().isEmpty(), "A member of group " + group + " has no id.");
            Refusal.unless(
                    !member.getHost().isEmpty(), "Member " + member.getId() + " has no host to announce to clients.");
            Refusal.unless(ids.add(member.getId()), "Member " + member.getId() + " is named twice.");
        }
        for (Group other : map.getGroupsList()) {
            for (Member member : other.getMembersList()) {
                Refusal.unless(
                        other.getId() == group || !ids.contains(member.getId()),
                        "Member " + member.getId() + " belongs to group " + other.getId() + ".");
            }
        }
    }

    static ShardMap setState(ShardMap map, SetGroupState set) throws Refusal {
        Group group = require(map, set.getGroupId());
        if (group.getState() == set.getState()) {
            return map;
        }
        switch (set.getState()) {
            case ACTIVE ->
                Refusal.unless(
                        group.getMembersCount() > 0,
                        "Group " + group.getId() + " can't become ACTIVE before its members are recorded.");
            case DRAINING -> {
                refuseForRoot(group, "be drained");
                Refusal.unless(
                        group.getState() != GroupState.DRAINED, "Group " + group.getId() + " is DRAINED already.");
            }
            case DRAINED -> {
                refuseForRoot(group, "be drained");
                refuseUnlessEmpty(map, group);
            }
            case JOINING, GROUP_STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw new Refusal("Group " + group.getId() + " can become ACTIVE, DRAINING or DRAINED, but not "
                        + set.getState() + ".");
        }
        return replace(map, group.toBuilder().setState(set.getState()));
    }

    static ShardMap remove(ShardMap map, RemoveGroup remove) throws Refusal {
        int id = remove.getGroupId();
        Group group = find(map, id);
        if (group == null && id >= 1 && id < map.getNextGroupId()) {
            return map;
        }
        group = require(map, id);
        refuseForRoot(group, "be removed");
        Refusal.unless(
                group.getState() == GroupState.DRAINED,
                "Group " + id + " is " + group.getState() + ": only a DRAINED group can be removed.");
        refuseUnlessEmpty(map, group);
        return ShardMapMachine.nextEpoch(map)
                .removeGroups(map.getGroupsList().indexOf(group))
                .build();
    }

    private static void refuseForRoot(Group group, String what) throws Refusal {
        Refusal.unless(
                group.getId() != ShardMapMachine.ROOT_GROUP,
                "Group " + group.getId() + " keeps the shard map: it can't " + what + ".");
    }

    private static void refuseUnlessEmpty(ShardMap map, Group group) throws Refusal {
        long shards = map.getOwnerList().stream()
                .filter(owner -> owner == group.getId())
                .count();
        Refusal.unless(shards == 0, "Group " + group.getId() + " still owns " + shards + " shards: move them first.");
        long moves = map.getMovesList().stream()
                .filter(move -> move.getFromGroup() == group.getId() || move.getToGroup() == group.getId())
                .count();
        Refusal.unless(
                moves == 0,
                "Group " + group.getId() + " still takes part in " + moves + " moves: let them finish first.");
    }

    /** Null when there is none of this id. */
    static Group find(ShardMap map, int id) {
        return map.getGroupsList().stream()
                .filter(group -> group.getId() == id)
                .findFirst()
                .orElse(null);
    }

    static Group require(ShardMap map, int id) throws Refusal {
        Group group = find(map, id);
        Refusal.unless(group != null, "There is no group " + id + ".");
        return group;
    }

    static boolean sameMembers(List<Member> some, List<Member> others) {
        return some.size() == others.size() && Set.copyOf(some).equals(Set.copyOf(others));
    }

    private static ShardMap replace(ShardMap map, Group.Builder group) {
        ShardMap.Builder next = ShardMapMachine.nextEpoch(map);
        for (int i = 0; i < next.getGroupsCount(); i++) {
            if (next.getGroups(i).getId() == group.getId()) {
                next.setGroups(i, group);
            }
        }
        return next.build();
    }
}
