package dev.quorate.store.map;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.ShardMap;
import java.util.Set;
import java.util.stream.Collectors;

/** The map of a root group that was formed anew, as it was rebuilt from what the other groups own. */
final class Restoration {
    private Restoration() {}

    static ShardMap restore(ShardMap map, ShardMap rebuilt) throws Refusal {
        if (map.getEpoch() > 0) {
            Refusal.unless(
                    map.equals(rebuilt),
                    "This root group has a shard map, at epoch " + map.getEpoch() + ": there is nothing to restore.");
            return map;
        }
        Refusal.unless(rebuilt.getEpoch() > 1, "A rebuilt map needs an epoch above those of the lost one.");
        Refusal.unless(!rebuilt.getClusterId().isEmpty(), "A rebuilt map needs the cluster's id.");
        ShardMapMachine.checkShardCount(rebuilt.getShardCount());
        Refusal.unless(
                rebuilt.getOwnerCount() == rebuilt.getShardCount(),
                "A rebuilt map names the owner of each of its " + rebuilt.getShardCount() + " shards, not of "
                        + rebuilt.getOwnerCount() + ".");
        Refusal.unless(rebuilt.getMovesCount() == 0, "A rebuilt map has no moves: they are void.");
        Groups.require(rebuilt, ShardMapMachine.ROOT_GROUP);
        for (Group group : rebuilt.getGroupsList()) {
            Refusal.unless(
                    group.getId() < rebuilt.getNextGroupId(),
                    "Group " + group.getId() + " must be below the next group's id, " + rebuilt.getNextGroupId() + ".");
            if (group.getState() != GroupState.JOINING || group.getMembersCount() > 0) {
                Groups.checkMembers(rebuilt, group.getId(), group.getMembersList());
            }
        }
        Set<Integer> owners = rebuilt.getGroupsList().stream()
                .filter(group -> group.getState() != GroupState.JOINING)
                .map(Group::getId)
                .collect(Collectors.toSet());
        for (int owner : rebuilt.getOwnerList()) {
            Refusal.unless(owners.contains(owner), "Group " + owner + " is not there, or can't own shards yet.");
        }
        return rebuilt;
    }
}
