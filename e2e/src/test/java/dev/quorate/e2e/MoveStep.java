package dev.quorate.e2e;

import dev.quorate.api.GroupState;
import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.ShardMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** The steps of moves (docs/moves.md) and of the lives of the groups that they are made for, as a member of the root group knows them. */
enum MoveStep {
    /** The group is in the map, its pods are made. */
    GROUP_JOINS(group(GroupState.JOINING)),
    /** Root has recorded a move. */
    COPYING(move(move -> move.getState() == MoveState.COPYING)),
    /** The root group gives a shard away, and serves it. */
    EXPORTING(shard("EXPORTING")),
    /** The root group has frozen a shard: requests wait for the last of its tail. */
    FROZEN(shard("FROZEN")),
    /** Root has decided; the target is still to adopt the shard. */
    SWITCHED(move(move -> move.getState() == MoveState.SWITCHED && !move.getTargetDone())),
    /** The target serves the shard; the source is still to release it. */
    ADOPTED(move(move -> move.getState() == MoveState.SWITCHED && move.getTargetDone() && !move.getSourceDone())),
    /** The group gives its shards away. */
    GROUP_DRAINS(group(GroupState.DRAINING)),
    /** The group is empty, and is in the map still. */
    GROUP_DRAINED(group(GroupState.DRAINED));

    private final BiPredicate<ShardMap, NodeDescription> holds;

    MoveStep(BiPredicate<ShardMap, NodeDescription> holds) {
        this.holds = holds;
    }

    boolean holds(ShardMap map, NodeDescription rootMember) {
        return holds.test(map, rootMember);
    }

    private static BiPredicate<ShardMap, NodeDescription> group(GroupState state) {
        return (map, _) -> map.getGroupsList().stream().anyMatch(group -> group.getState() == state);
    }

    private static BiPredicate<ShardMap, NodeDescription> move(Predicate<Move> predicate) {
        return (map, _) -> map.getMovesList().stream().anyMatch(predicate);
    }

    private static BiPredicate<ShardMap, NodeDescription> shard(String state) {
        return (_, member) -> member.getShardsList().stream()
                .anyMatch(shard -> shard.getState().equals(state));
    }
}
