package dev.quorate.store.map;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.MapChange.DecideMove;
import dev.quorate.api.MapChange.FinishMove;
import dev.quorate.api.MapChange.StartMove;
import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.api.ShardMap;

/** Moves of shards. */
final class Moves {
    private Moves() {}

    static ShardMap start(ShardMap map, StartMove start) throws Refusal {
        int shard = start.getShard();
        Refusal.unless(
                shard >= 0 && shard < map.getShardCount(),
                "There is no shard " + shard + ": shards are 0 to " + (map.getShardCount() - 1) + ".");
        for (Move move : map.getMovesList()) {
            if (move.getShard() == shard) {
                boolean same = move.getState() == MoveState.COPYING
                        && move.getFromGroup() == start.getFromGroup()
                        && move.getToGroup() == start.getToGroup();
                Refusal.unless(same, "Shard " + shard + " has " + name(move) + " already: let it finish first.");
                return map;
            }
        }
        int owner = map.getOwner(shard);
        Refusal.unless(
                owner == start.getFromGroup(),
                "Shard " + shard + " belongs to group " + owner + ", not to group " + start.getFromGroup() + ".");
        Refusal.unless(owner != start.getToGroup(), "Shard " + shard + " is with group " + owner + " already.");
        Group target = Groups.require(map, start.getToGroup());
        Refusal.unless(
                target.getState() == GroupState.ACTIVE,
                "Group " + target.getId() + " is " + target.getState() + ": only an ACTIVE group takes shards.");
        ShardMap.Builder next = ShardMapMachine.nextEpoch(map);
        return next.addMoves(Move.newBuilder()
                        .setId(next.getEpoch())
                        .setShard(shard)
                        .setFromGroup(start.getFromGroup())
                        .setToGroup(start.getToGroup())
                        .setState(MoveState.COPYING))
                .build();
    }

    /** Rule 4 of the design, one decision: whoever comes first decides, the other is told. */
    static ShardMap decide(ShardMap map, DecideMove decide) throws Refusal {
        MoveState decision = decide.getDecision();
        Refusal.unless(
                decision == MoveState.SWITCHED || decision == MoveState.ABORTED,
                "A move can be decided to be SWITCHED or ABORTED, not " + decision + ".");
        int at = indexOf(map, decide.getMoveId());
        Refusal.unless(at >= 0, "There is no move " + decide.getMoveId() + ", or it is finished.");
        Move move = map.getMoves(at);
        if (move.getState() == decision) {
            return map;
        }
        Refusal.unless(
                move.getState() == MoveState.COPYING,
                "Epoch " + move.getDecidedEpoch() + " decided " + name(move) + " to be " + move.getState() + ".");
        ShardMap.Builder next = ShardMapMachine.nextEpoch(map);
        next.setMoves(at, move.toBuilder().setState(decision).setDecidedEpoch(next.getEpoch()));
        if (decision == MoveState.SWITCHED) {
            next.setOwner(move.getShard(), move.getToGroup());
        }
        return next.build();
    }

    static ShardMap finish(ShardMap map, FinishMove finish) throws Refusal {
        int at = indexOf(map, finish.getMoveId());
        if (at < 0) {
            // Finished moves are forgotten: a repeat of the last word on one is no news.
            Refusal.unless(
                    finish.getMoveId() > 0 && finish.getMoveId() <= map.getEpoch(),
                    "There never was a move " + finish.getMoveId() + ".");
            return map;
        }
        Move move = map.getMoves(at);
        Refusal.unless(
                move.getState() != MoveState.COPYING, "Nobody is done with " + name(move) + " before it is decided.");
        if (finish.getTarget() ? move.getTargetDone() : move.getSourceDone()) {
            return map;
        }
        // Rule 1: the source deletes its copy only after the target's adoption is committed.
        Refusal.unless(
                finish.getTarget() || move.getTargetDone() || move.getState() == MoveState.ABORTED,
                "The source can't be done with " + name(move) + " before its target has adopted the shard.");
        Move done = finish.getTarget()
                ? move.toBuilder().setTargetDone(true).build()
                : move.toBuilder().setSourceDone(true).build();
        ShardMap.Builder next = ShardMapMachine.nextEpoch(map);
        return done.getTargetDone() && done.getSourceDone()
                ? next.removeMoves(at).build()
                : next.setMoves(at, done).build();
    }

    private static int indexOf(ShardMap map, long moveId) {
        for (int i = 0; i < map.getMovesCount(); i++) {
            if (map.getMoves(i).getId() == moveId) {
                return i;
            }
        }
        return -1;
    }

    private static String name(Move move) {
        return "move " + move.getId() + " of shard " + move.getShard() + " from group " + move.getFromGroup()
                + " to group " + move.getToGroup();
    }
}
