package dev.quorate.control;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.MapChange;
import dev.quorate.api.Member;
import dev.quorate.api.MoveState;
import java.util.List;

/** The changes of the shard map that a controller makes. Those of groups are fenced by the epoch, those of moves by the move's own record. */
final class MapChanges {
    private MapChanges() {}

    static MapChange create(String clusterId, int shardCount, List<Member> rootMembers) {
        return MapChange.newBuilder()
                .setCreate(MapChange.CreateMap.newBuilder()
                        .setClusterId(clusterId)
                        .setShardCount(shardCount)
                        .setRoot(Group.newBuilder()
                                .setId(Planner.ROOT)
                                .setState(GroupState.ACTIVE)
                                .addAllMembers(rootMembers)))
                .build();
    }

    static MapChange addGroup(long epoch, int group) {
        return MapChange.newBuilder()
                .setExpectedEpoch(epoch)
                .setAddGroup(MapChange.AddGroup.newBuilder().setGroupId(group))
                .build();
    }

    static MapChange setMembers(long epoch, int group, List<Member> members) {
        return MapChange.newBuilder()
                .setExpectedEpoch(epoch)
                .setSetMembers(
                        MapChange.SetGroupMembers.newBuilder().setGroupId(group).addAllMembers(members))
                .build();
    }

    static MapChange setState(long epoch, int group, GroupState state) {
        return MapChange.newBuilder()
                .setExpectedEpoch(epoch)
                .setSetState(
                        MapChange.SetGroupState.newBuilder().setGroupId(group).setState(state))
                .build();
    }

    static MapChange removeGroup(long epoch, int group) {
        return MapChange.newBuilder()
                .setExpectedEpoch(epoch)
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

    static MapChange abortMove(long moveId) {
        return MapChange.newBuilder()
                .setDecideMove(
                        MapChange.DecideMove.newBuilder().setMoveId(moveId).setDecision(MoveState.ABORTED))
                .build();
    }

    static String words(MapChange change) {
        return switch (change.getChangeCase()) {
            case CREATE -> "create the shard map with " + change.getCreate().getShardCount() + " shards";
            case RESTORE -> "restore the shard map";
            case ADD_GROUP -> "add group " + change.getAddGroup().getGroupId();
            case SET_MEMBERS ->
                "record the members of group " + change.getSetMembers().getGroupId();
            case SET_STATE ->
                "make group " + change.getSetState().getGroupId() + " "
                        + change.getSetState().getState().name().toLowerCase();
            case REMOVE_GROUP -> "remove group " + change.getRemoveGroup().getGroupId();
            case START_MOVE ->
                "move shard " + change.getStartMove().getShard() + " from group "
                        + change.getStartMove().getFromGroup() + " to group "
                        + change.getStartMove().getToGroup();
            case DECIDE_MOVE ->
                (change.getDecideMove().getDecision() == MoveState.ABORTED ? "abort" : "switch") + " move "
                        + change.getDecideMove().getMoveId();
            case FINISH_MOVE -> "finish move " + change.getFinishMove().getMoveId();
            case CHANGE_NOT_SET -> "change nothing";
        };
    }
}
