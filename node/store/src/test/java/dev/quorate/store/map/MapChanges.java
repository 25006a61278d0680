package dev.quorate.store.map;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.MapChange;
import dev.quorate.api.Member;
import dev.quorate.api.MoveState;
import java.util.List;

/** Changes in a line each. */
final class MapChanges {
    private MapChanges() {}

    static MapChange create(int shards) {
        return MapChange.newBuilder()
                .setCreate(MapChange.CreateMap.newBuilder()
                        .setClusterId("c")
                        .setShardCount(shards)
                        .setRoot(Group.newBuilder().setId(1).addMembers(member("m1"))))
                .build();
    }

    static Member member(String id) {
        return Member.newBuilder().setId(id).setHost("host-" + id).build();
    }

    static MapChange addGroup(int group) {
        return MapChange.newBuilder()
                .setAddGroup(MapChange.AddGroup.newBuilder().setGroupId(group))
                .build();
    }

    static MapChange setMembers(int group, String... ids) {
        return MapChange.newBuilder()
                .setSetMembers(MapChange.SetGroupMembers.newBuilder()
                        .setGroupId(group)
                        .addAllMembers(
                                List.of(ids).stream().map(MapChanges::member).toList()))
                .build();
    }

    static MapChange setState(int group, GroupState state) {
        return MapChange.newBuilder()
                .setSetState(
                        MapChange.SetGroupState.newBuilder().setGroupId(group).setState(state))
                .build();
    }

    static MapChange removeGroup(int group) {
        return MapChange.newBuilder()
                .setRemoveGroup(MapChange.RemoveGroup.newBuilder().setGroupId(group))
                .build();
    }

    static MapChange startMove(int shard, int from, int to) {
        return MapChange.newBuilder()
                .setStartMove(MapChange.StartMove.newBuilder()
                        .setShard(shard)
                        .setFromGroup(from)
                        .setToGroup(to))
                .build();
    }

    static MapChange decide(long moveId, MoveState decision) {
        return MapChange.newBuilder()
                .setDecideMove(
                        MapChange.DecideMove.newBuilder().setMoveId(moveId).setDecision(decision))
                .build();
    }

    static MapChange finish(long moveId, boolean target) {
        return MapChange.newBuilder()
                .setFinishMove(
                        MapChange.FinishMove.newBuilder().setMoveId(moveId).setTarget(target))
                .build();
    }
}
