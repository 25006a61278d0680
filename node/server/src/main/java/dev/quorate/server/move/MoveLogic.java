package dev.quorate.server.move;

import dev.quorate.api.MapChange;
import dev.quorate.api.MapChange.DecideMove;
import dev.quorate.api.MapChange.FinishMove;
import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.store.proto.AdoptShard;
import dev.quorate.store.proto.BeginImport;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.DiscardImport;
import dev.quorate.store.proto.PurgeShard;
import dev.quorate.store.proto.ReleaseShard;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.ShardRecord.State;
import dev.quorate.store.proto.ThawShard;
import java.util.function.BooleanSupplier;

/**
 * The next step of a move, for either side: a pure function of the group's own record of the shard, as applied by a leader that has applied an entry
 * of its term, and root's record of the move. Root's record may be old as long as it says Copying: nothing that follows from that is final. Switched and
 * Aborted are final, so an old record of these is as good as a new one.
 *
 * <p>A side is done only once its own record bars the move (its {@code move_id} has come up to the move's, and the state is that of the outcome), so
 * that no command of an earlier leader can still take effect after root forgot the move.
 */
public final class MoveLogic {
    private static final MoveAction AWAIT = new MoveAction.Await();

    private MoveLogic() {}

    public static MoveAction next(int groupId, ShardRecord own, Move move) {
        if (groupId == move.getToGroup()) {
            return move.getTargetDone() ? AWAIT : target(own, move);
        }
        if (groupId == move.getFromGroup()) {
            return move.getSourceDone() ? AWAIT : source(own, move);
        }
        return AWAIT;
    }

    private static MoveAction target(ShardRecord own, Move move) {
        boolean importing = own.getState() == State.IMPORTING && own.getMoveId() == move.getId();
        return switch (move.getState()) {
            case COPYING -> {
                if (importing) {
                    yield own.getImportComplete() ? askSwitch(move) : new MoveAction.Import();
                }
                yield isAbsent(own) && own.getMoveId() < move.getId() ? beginImport(move) : AWAIT;
            }
            case SWITCHED -> {
                if (importing) {
                    yield own.getImportComplete() ? adopt(move) : AWAIT;
                }
                yield own.getState() == State.OWNED && own.getMoveId() >= move.getId() ? finish(move, true) : AWAIT;
            }
            case ABORTED -> {
                if (importing || isAbsent(own) && own.getMoveId() < move.getId()) {
                    yield discard(move);
                }
                yield own.getMoveId() >= move.getId() ? finish(move, true) : AWAIT;
            }
            case MOVE_STATE_UNSPECIFIED, UNRECOGNIZED -> AWAIT;
        };
    }

    private static MoveAction source(ShardRecord own, Move move) {
        boolean ofMove = own.getMoveId() == move.getId();
        return switch (move.getState()) {
            case COPYING -> AWAIT; // exports and freezes when the target asks for it
            case SWITCHED ->
                switch (own.getState()) {
                    case FROZEN -> ofMove ? release(move) : AWAIT;
                    // What is left here is the last copy until the target has adopted it.
                    case RELEASED -> ofMove && move.getTargetDone() ? purge(own, move) : AWAIT;
                    case NONE -> ofMove && move.getTargetDone() ? finish(move, false) : AWAIT;
                    default -> AWAIT;
                };
            case ABORTED -> {
                boolean leaving = own.getState() == State.EXPORTING || own.getState() == State.FROZEN;
                boolean notBegunYet = own.getState() == State.OWNED && own.getMoveId() < move.getId();
                if (leaving && ofMove || notBegunYet) {
                    yield thaw(move);
                }
                yield own.getState() == State.OWNED && move.getTargetDone() ? finish(move, false) : AWAIT;
            }
            case MOVE_STATE_UNSPECIFIED, UNRECOGNIZED -> AWAIT;
        };
    }

    private static boolean isAbsent(ShardRecord own) {
        return own.getState() == State.NONE || own.getState() == State.RELEASED;
    }

    /** What the source does for a target that asks for a part of the shard. */
    public enum ExportAnswer {
        /** The shard is exported or frozen for this move: give what is there. */
        SERVE,
        /** Begin to keep the tail first. */
        BEGIN,
        /** Freeze it first. */
        FREEZE,
        /** Not now: the state here is not that of the move. */
        REFUSE
    }

    /**
     * @param wantsFreeze whether the target has all there was, so that only the last of the tail is left
     * @param copying whether root says, linearizably, that this very move is still Copying; only asked for when something is to begin
     */
    public static ExportAnswer export(ShardRecord own, long moveId, boolean wantsFreeze, BooleanSupplier copying) {
        boolean ofMove = own.getMoveId() == moveId;
        return switch (own.getState()) {
            case FROZEN -> ofMove ? ExportAnswer.SERVE : ExportAnswer.REFUSE;
            case EXPORTING -> {
                if (!ofMove) {
                    yield ExportAnswer.REFUSE;
                }
                if (!wantsFreeze) {
                    yield ExportAnswer.SERVE;
                }
                yield copying.getAsBoolean() ? ExportAnswer.FREEZE : ExportAnswer.REFUSE;
            }
            case OWNED -> own.getMoveId() < moveId && copying.getAsBoolean() ? ExportAnswer.BEGIN : ExportAnswer.REFUSE;
            default -> ExportAnswer.REFUSE;
        };
    }

    private static MoveAction beginImport(Move move) {
        return propose(Command.newBuilder()
                .setBeginImport(BeginImport.newBuilder()
                        .setShard(move.getShard())
                        .setMoveId(move.getId())
                        .setSource(move.getFromGroup())));
    }

    private static MoveAction adopt(Move move) {
        return propose(Command.newBuilder()
                .setAdopt(AdoptShard.newBuilder()
                        .setShard(move.getShard())
                        .setMoveId(move.getId())
                        .setDecidedEpoch(move.getDecidedEpoch())));
    }

    private static MoveAction discard(Move move) {
        return propose(Command.newBuilder()
                .setDiscardImport(DiscardImport.newBuilder()
                        .setShard(move.getShard())
                        .setMoveId(move.getId())
                        .setDecidedEpoch(move.getDecidedEpoch())));
    }

    private static MoveAction release(Move move) {
        return propose(Command.newBuilder()
                .setRelease(ReleaseShard.newBuilder()
                        .setShard(move.getShard())
                        .setMoveId(move.getId())
                        .setDecidedEpoch(move.getDecidedEpoch())
                        .setNewOwner(move.getToGroup())));
    }

    private static MoveAction thaw(Move move) {
        return propose(Command.newBuilder()
                .setThaw(ThawShard.newBuilder()
                        .setShard(move.getShard())
                        .setMoveId(move.getId())
                        .setDecidedEpoch(move.getDecidedEpoch())));
    }

    private static MoveAction purge(ShardRecord own, Move move) {
        return propose(Command.newBuilder()
                .setPurge(PurgeShard.newBuilder().setShard(move.getShard()).setIncarnation(own.getIncarnation())));
    }

    private static MoveAction propose(Command.Builder command) {
        return new MoveAction.Propose(command.build());
    }

    private static MoveAction askSwitch(Move move) {
        return new MoveAction.AskRoot(MapChange.newBuilder()
                .setDecideMove(DecideMove.newBuilder().setMoveId(move.getId()).setDecision(MoveState.SWITCHED))
                .build());
    }

    private static MoveAction finish(Move move, boolean target) {
        return new MoveAction.AskRoot(MapChange.newBuilder()
                .setFinishMove(FinishMove.newBuilder().setMoveId(move.getId()).setTarget(target))
                .build());
    }
}
