package dev.quorate.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.api.ShardMap;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The root group's rules for the shard map, as map.proto states them, and a check of every map that they make. */
final class MapOracle {
    private ShardMap map = ShardMap.getDefaultInstance();

    ShardMap map() {
        return map;
    }

    MapChangeResult apply(MapChange change) {
        if (change.getExpectedEpoch() != 0 && change.getExpectedEpoch() != map.getEpoch()) {
            return refuse("the epoch is " + map.getEpoch() + ", not " + change.getExpectedEpoch());
        }
        ShardMap.Builder next = map.toBuilder().setEpoch(map.getEpoch() + 1);
        Optional<String> refusal = switch (change.getChangeCase()) {
            case CREATE -> create(next, change.getCreate());
            case ADD_GROUP -> addGroup(next, change.getAddGroup().getGroupId());
            case SET_MEMBERS -> setMembers(next, change.getSetMembers());
            case SET_STATE -> setState(next, change.getSetState());
            case REMOVE_GROUP -> removeGroup(next, change.getRemoveGroup().getGroupId());
            case START_MOVE -> startMove(next, change.getStartMove());
            case DECIDE_MOVE -> decideMove(next, change.getDecideMove());
            case FINISH_MOVE -> finishMove(next, change.getFinishMove());
            case RESTORE -> Optional.of("the map is not lost");
            case CHANGE_NOT_SET -> Optional.of("no change");
        };
        if (refusal.isPresent()) {
            return refuse(refusal.get());
        }
        map = next.build();
        check();
        return MapChangeResult.newBuilder().setAccepted(true).setMap(map).build();
    }

    private MapChangeResult refuse(String why) {
        return MapChangeResult.newBuilder().setRefusal(why).setMap(map).build();
    }

    /** Every shard has one home, which exists; a shard moves at most once at a time. */
    private void check() {
        assertThat(map.getOwnerCount()).isEqualTo(map.getShardCount());
        Set<Integer> groups = new HashSet<>();
        map.getGroupsList().forEach(group -> groups.add(group.getId()));
        assertThat(groups).containsAll(map.getOwnerList());
        Set<Integer> moving = new HashSet<>();
        map.getMovesList()
                .forEach(move -> assertThat(moving.add(move.getShard())).isTrue());
    }

    private Optional<String> create(ShardMap.Builder next, MapChange.CreateMap create) {
        if (map.getEpoch() != 0) {
            return Optional.of("there is a map already");
        }
        next.setClusterId(create.getClusterId())
                .setShardCount(create.getShardCount())
                .addAllOwner(Collections.nCopies(
                        create.getShardCount(), create.getRoot().getId()))
                .addGroups(create.getRoot().toBuilder().setState(GroupState.ACTIVE))
                .setNextGroupId(create.getRoot().getId() + 1);
        return Optional.empty();
    }

    private static Optional<String> addGroup(ShardMap.Builder next, int id) {
        if (id != next.getNextGroupId()) {
            return Optional.of("the next group is " + next.getNextGroupId());
        }
        next.setNextGroupId(id + 1).addGroups(Group.newBuilder().setId(id).setState(GroupState.JOINING));
        return Optional.empty();
    }

    private static Optional<String> setMembers(ShardMap.Builder next, MapChange.SetGroupMembers set) {
        return change(next, set.getGroupId(), group -> {
            if (group.getState() == GroupState.JOINING) {
                assertThat(group.getMembersList()).isIn(List.of(), set.getMembersList());
            }
            group.clearMembers().addAllMembers(set.getMembersList());
        });
    }

    private static Optional<String> setState(ShardMap.Builder next, MapChange.SetGroupState set) {
        int id = set.getGroupId();
        if (id == Planner.ROOT) {
            return Optional.of("the root group stays");
        }
        if (set.getState() == GroupState.DRAINED && used(next, id)) {
            return Optional.of("the group has shards or moves");
        }
        boolean known =
                next.getGroupsList().stream().anyMatch(group -> group.getId() == id && group.getMembersCount() > 0);
        if (set.getState() == GroupState.ACTIVE && !known) {
            return Optional.of("the group has no members");
        }
        return change(next, id, group -> group.setState(set.getState()));
    }

    private static Optional<String> removeGroup(ShardMap.Builder next, int id) {
        for (int i = 0; i < next.getGroupsCount(); i++) {
            if (next.getGroups(i).getId() == id
                    && next.getGroups(i).getState() == GroupState.DRAINED
                    && !used(next, id)) {
                next.removeGroups(i);
                return Optional.empty();
            }
        }
        return Optional.of("the group is not drained");
    }

    private static Optional<String> startMove(ShardMap.Builder next, MapChange.StartMove start) {
        boolean active = next.getGroupsList().stream()
                .anyMatch(group -> group.getId() == start.getToGroup() && group.getState() == GroupState.ACTIVE);
        boolean moving = next.getMovesList().stream().anyMatch(move -> move.getShard() == start.getShard());
        if (!active || moving || next.getOwner(start.getShard()) != start.getFromGroup()) {
            return Optional.of("the shard can't be moved there now");
        }
        next.addMoves(Move.newBuilder()
                .setId(next.getEpoch())
                .setShard(start.getShard())
                .setFromGroup(start.getFromGroup())
                .setToGroup(start.getToGroup())
                .setState(MoveState.COPYING));
        return Optional.empty();
    }

    private static Optional<String> decideMove(ShardMap.Builder next, MapChange.DecideMove decide) {
        for (Move.Builder move : next.getMovesBuilderList()) {
            if (move.getId() == decide.getMoveId() && move.getState() == MoveState.COPYING) {
                move.setState(decide.getDecision()).setDecidedEpoch(next.getEpoch());
                if (decide.getDecision() == MoveState.SWITCHED) {
                    next.setOwner(move.getShard(), move.getToGroup());
                }
                return Optional.empty();
            }
        }
        return Optional.of("the move is decided");
    }

    private static Optional<String> finishMove(ShardMap.Builder next, MapChange.FinishMove finish) {
        for (int i = 0; i < next.getMovesCount(); i++) {
            Move.Builder move = next.getMovesBuilder(i);
            if (move.getId() == finish.getMoveId() && move.getState() != MoveState.COPYING) {
                move.setTargetDone(move.getTargetDone() || finish.getTarget());
                move.setSourceDone(move.getSourceDone() || !finish.getTarget());
                if (move.getTargetDone() && move.getSourceDone()) {
                    next.removeMoves(i);
                }
                return Optional.empty();
            }
        }
        return Optional.of("no such move");
    }

    private static boolean used(ShardMap.Builder next, int id) {
        return next.getOwnerList().contains(id)
                || next.getMovesList().stream().anyMatch(move -> move.getFromGroup() == id || move.getToGroup() == id);
    }

    private static Optional<String> change(ShardMap.Builder next, int id, Consumer<Group.Builder> work) {
        for (Group.Builder group : next.getGroupsBuilderList()) {
            if (group.getId() == id) {
                work.accept(group);
                return Optional.empty();
            }
        }
        return Optional.of("no group " + id);
    }
}
