package dev.quorate.server.move;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.server.move.MoveAction.AskRoot;
import dev.quorate.server.move.MoveAction.Await;
import dev.quorate.server.move.MoveAction.Import;
import dev.quorate.server.move.MoveAction.Propose;
import dev.quorate.store.proto.Command.CommandCase;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.ShardRecord.State;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every combination of a shard's record, a move's record and a side, against the rules that hold for all of them. */
class MoveLogicTest {
    private static final long MOVE = 10;
    private static final int SOURCE = 1;
    private static final int TARGET = 2;

    private interface Case {
        void check(ShardRecord own, Move move, MoveAction target, MoveAction source);
    }

    private static void forAll(Case check) {
        for (State state :
                List.of(State.NONE, State.OWNED, State.EXPORTING, State.FROZEN, State.IMPORTING, State.RELEASED)) {
            for (long moveId : new long[] {MOVE - 1, MOVE, MOVE + 1}) {
                for (boolean complete : new boolean[] {false, true}) {
                    for (MoveState outcome : List.of(MoveState.COPYING, MoveState.SWITCHED, MoveState.ABORTED)) {
                        for (boolean targetDone : new boolean[] {false, true}) {
                            for (boolean sourceDone : new boolean[] {false, true}) {
                                ShardRecord own = ShardRecord.newBuilder()
                                        .setState(state)
                                        .setMoveId(moveId)
                                        .setIncarnation(4)
                                        .setImportComplete(complete)
                                        .build();
                                Move move = Move.newBuilder()
                                        .setId(MOVE)
                                        .setShard(3)
                                        .setFromGroup(SOURCE)
                                        .setToGroup(TARGET)
                                        .setState(outcome)
                                        .setDecidedEpoch(outcome == MoveState.COPYING ? 0 : 12)
                                        .setTargetDone(targetDone)
                                        .setSourceDone(sourceDone)
                                        .build();
                                check.check(
                                        own,
                                        move,
                                        MoveLogic.next(TARGET, own, move),
                                        MoveLogic.next(SOURCE, own, move));
                            }
                        }
                    }
                }
            }
        }
    }

    private static boolean proposes(MoveAction action, CommandCase command) {
        return action instanceof Propose(var proposed) && proposed.getCommandCase() == command;
    }

    private static boolean finishes(MoveAction action) {
        return action instanceof AskRoot(var change) && change.hasFinishMove();
    }

    @Test
    void theSwitchIsAskedForOnlyWithACompleteImportOfThisMove() {
        forAll((own, move, target, source) -> {
            boolean complete = own.getState() == State.IMPORTING && own.getMoveId() == MOVE && own.getImportComplete();
            boolean asks = target instanceof AskRoot(var change)
                    && change.hasDecideMove()
                    && change.getDecideMove().getDecision() == MoveState.SWITCHED;
            assertThat(asks).isEqualTo(complete && move.getState() == MoveState.COPYING && !move.getTargetDone());
            assertThat(source instanceof AskRoot(var change) && change.hasDecideMove())
                    .isFalse();
        });
    }

    @Test
    void nothingIsAdoptedOrReleasedBeforeTheSwitchAndNothingThawedOrDiscardedBeforeTheAbort() {
        forAll((own, move, target, source) -> {
            if (proposes(target, CommandCase.ADOPT) || proposes(source, CommandCase.RELEASE)) {
                assertThat(move.getState()).isEqualTo(MoveState.SWITCHED);
                assertThat(own.getMoveId()).isEqualTo(MOVE);
            }
            if (proposes(target, CommandCase.DISCARD_IMPORT) || proposes(source, CommandCase.THAW)) {
                assertThat(move.getState()).isEqualTo(MoveState.ABORTED);
            }
        });
    }

    @Test
    void commandsCarryTheOutcomeOfRoot() {
        forAll((own, move, target, source) -> {
            for (MoveAction action : List.of(target, source)) {
                if (action instanceof Propose(var command)) {
                    long epoch = switch (command.getCommandCase()) {
                        case ADOPT -> command.getAdopt().getDecidedEpoch();
                        case RELEASE -> command.getRelease().getDecidedEpoch();
                        case THAW -> command.getThaw().getDecidedEpoch();
                        case DISCARD_IMPORT -> command.getDiscardImport().getDecidedEpoch();
                        default -> move.getDecidedEpoch();
                    };
                    assertThat(epoch).isEqualTo(move.getDecidedEpoch());
                }
            }
        });
    }

    @Test
    void theSourceDeletesOnlyItsReleasedCopyAndOnlyOnceTheTargetHasAdopted() {
        forAll((own, move, target, source) -> {
            assertThat(proposes(target, CommandCase.PURGE)).isFalse();
            if (source instanceof Propose(var command) && command.hasPurge()) {
                assertThat(own.getState()).isEqualTo(State.RELEASED);
                assertThat(move.getState()).isEqualTo(MoveState.SWITCHED);
                assertThat(move.getTargetDone()).isTrue();
                assertThat(command.getPurge().getIncarnation()).isEqualTo(own.getIncarnation());
            }
        });
    }

    @Test
    void aSideIsDoneOnlyWhenItsRecordBarsTheMoveAndTheSourceOnlyAfterTheTarget() {
        forAll((own, move, target, source) -> {
            if (finishes(target)) {
                assertThat(own.getMoveId()).isGreaterThanOrEqualTo(MOVE);
                assertThat(move.getState()).isNotEqualTo(MoveState.COPYING);
            }
            if (finishes(source)) {
                assertThat(own.getMoveId()).isGreaterThanOrEqualTo(MOVE);
                assertThat(move.getState()).isNotEqualTo(MoveState.COPYING);
                assertThat(move.getTargetDone()).isTrue();
            }
        });
    }

    @Test
    void aSideThatIsDoneDoesNothingMoreNorDoesAStranger() {
        forAll((own, move, target, source) -> {
            if (move.getTargetDone()) {
                assertThat(target).isInstanceOf(Await.class);
            }
            if (move.getSourceDone()) {
                assertThat(source).isInstanceOf(Await.class);
            }
            assertThat(MoveLogic.next(3, own, move)).isInstanceOf(Await.class);
        });
    }

    @Test
    void theSourceDoesNothingOfItsOwnWhileCopying() {
        forAll((own, move, target, source) -> {
            if (move.getState() == MoveState.COPYING) {
                assertThat(source).isInstanceOf(Await.class);
            }
        });
    }

    @Test
    void anImportBeginsOnlyWhereTheShardIsAbsentAndGoesOnOnlyWhileItIsIncomplete() {
        forAll((own, move, target, source) -> {
            boolean absent = own.getState() == State.NONE || own.getState() == State.RELEASED;
            if (proposes(target, CommandCase.BEGIN_IMPORT)) {
                assertThat(absent && own.getMoveId() < MOVE && move.getState() == MoveState.COPYING)
                        .isTrue();
            }
            if (target instanceof Import) {
                assertThat(own.getState()).isEqualTo(State.IMPORTING);
                assertThat(own.getImportComplete()).isFalse();
                assertThat(move.getState()).isEqualTo(MoveState.COPYING);
            }
        });
    }

    @Test
    void aShardIsExportedAndFrozenOnlyForAMoveThatRootSaysIsCopying() {
        for (State state :
                List.of(State.NONE, State.OWNED, State.EXPORTING, State.FROZEN, State.IMPORTING, State.RELEASED)) {
            for (long moveId : new long[] {MOVE - 1, MOVE, MOVE + 1}) {
                for (boolean freeze : new boolean[] {false, true}) {
                    for (boolean copying : new boolean[] {false, true}) {
                        ShardRecord own = ShardRecord.newBuilder()
                                .setState(state)
                                .setMoveId(moveId)
                                .build();
                        assertThat(MoveLogic.export(own, MOVE, freeze, () -> copying))
                                .isEqualTo(expected(own, freeze, copying));
                    }
                }
            }
        }
    }

    private static MoveLogic.ExportAnswer expected(ShardRecord own, boolean freeze, boolean copying) {
        boolean ofMove = own.getMoveId() == MOVE;
        if (ofMove && (own.getState() == State.FROZEN || own.getState() == State.EXPORTING && !freeze)) {
            return MoveLogic.ExportAnswer.SERVE;
        }
        if (ofMove && own.getState() == State.EXPORTING && copying) {
            return MoveLogic.ExportAnswer.FREEZE;
        }
        return own.getState() == State.OWNED && own.getMoveId() < MOVE && copying
                ? MoveLogic.ExportAnswer.BEGIN
                : MoveLogic.ExportAnswer.REFUSE;
    }
}
