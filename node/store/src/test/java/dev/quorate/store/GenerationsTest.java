package dev.quorate.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.store.proto.AdoptShard;
import dev.quorate.store.proto.BeginExport;
import dev.quorate.store.proto.BeginGeneration;
import dev.quorate.store.proto.BeginImport;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.CompleteImport;
import dev.quorate.store.proto.DiscardImport;
import dev.quorate.store.proto.FreezeShard;
import dev.quorate.store.proto.GroupMembers;
import dev.quorate.store.proto.ImportChunk;
import dev.quorate.store.proto.ReleaseShard;
import dev.quorate.store.proto.SettleShard;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.ShardRecord.State;
import dev.quorate.store.proto.ThawShard;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule 7 of a move: once a group has begun a new generation, what the lost map decided takes no effect. */
class GenerationsTest {
    private static final long MOVE = 5;

    @Test
    void everyCommandOfAnOlderMoveIsVoid() {
        List<Command> commands = List.of(
                Command.newBuilder()
                        .setBeginExport(BeginExport.newBuilder().setMoveId(MOVE))
                        .build(),
                Command.newBuilder()
                        .setFreeze(FreezeShard.newBuilder().setMoveId(MOVE))
                        .build(),
                Command.newBuilder()
                        .setThaw(ThawShard.newBuilder().setMoveId(MOVE))
                        .build(),
                Command.newBuilder()
                        .setRelease(ReleaseShard.newBuilder().setMoveId(MOVE))
                        .build(),
                Command.newBuilder()
                        .setBeginImport(BeginImport.newBuilder().setMoveId(MOVE))
                        .build(),
                Command.newBuilder()
                        .setImportChunk(ImportChunk.newBuilder().setMoveId(MOVE))
                        .build(),
                Command.newBuilder()
                        .setCompleteImport(CompleteImport.newBuilder().setMoveId(MOVE))
                        .build(),
                Command.newBuilder()
                        .setAdopt(AdoptShard.newBuilder().setMoveId(MOVE))
                        .build(),
                Command.newBuilder()
                        .setDiscardImport(DiscardImport.newBuilder().setMoveId(MOVE))
                        .build());
        assertThat(commands).allMatch(command -> Generations.isVoid(command, MOVE));
        assertThat(commands).noneMatch(command -> Generations.isVoid(command, MOVE - 1));
    }

    @Test
    void aSettlementIsForOneGenerationOnly() {
        Command settle = Command.newBuilder()
                .setSettle(SettleShard.newBuilder().setGeneration(7))
                .build();
        assertThat(Generations.isVoid(settle, 7)).isFalse();
        assertThat(Generations.isVoid(settle, 8)).isTrue();
        assertThat(Generations.isVoid(settle, 0)).isTrue();
    }

    @Test
    void generationsOnlyGoUp() {
        GroupMembers none = GroupMembers.getDefaultInstance();
        GroupMembers seven = Generations.begin(none, begin(7));
        assertThat(seven.getGeneration()).isEqualTo(7);
        assertThat(Generations.begin(seven, begin(6))).isEqualTo(seven);
    }

    private static BeginGeneration begin(long generation) {
        return BeginGeneration.newBuilder().setGeneration(generation).build();
    }

    @Test
    void whatWasOnTheMoveIsSettledAndWhatIsOwnedStays() {
        assertThat(settled(State.FROZEN, 0).record().getState()).isEqualTo(State.OWNED);
        assertThat(settled(State.EXPORTING, 0).record().getState()).isEqualTo(State.OWNED);
        assertThat(settled(State.FROZEN, 3).record().getState()).isEqualTo(State.RELEASED);
        assertThat(settled(State.FROZEN, 3).record().getPeerGroup()).isEqualTo(3);
        ShardTransition discarded = settled(State.IMPORTING, 3);
        assertThat(discarded.record().getState()).isEqualTo(State.NONE);
        assertThat(discarded.purge()).isEqualTo(MOVE);
        assertThat(discarded.record().getMoveId()).as("bars what is late").isEqualTo(7);
        assertThat(settled(State.OWNED, 3).changed()).isFalse();
        assertThat(settled(State.RELEASED, 0).changed()).isFalse();
        assertThat(settled(State.NONE, 0).changed()).isFalse();
    }

    @Test
    void whatArrivedInFullServesWhereItIsAndWhatDidNotNeverDoes() {
        ShardRecord complete = record(State.IMPORTING)
                .setImportComplete(true)
                .setVersionCounter(11)
                .setClockMillis(12)
                .setSessionCounter(13)
                .setSessionCount(1)
                .setPeerGroup(1)
                .build();
        assertThat(settled(complete, 0).record())
                .isEqualTo(record(State.OWNED)
                        .setMoveId(7)
                        .setEpoch(7)
                        .setVersionCounter(11)
                        .setClockMillis(12)
                        .setSessionCounter(13)
                        .setSessionCount(1)
                        .build());
        assertThat(settled(complete, 3).record().getState()).isEqualTo(State.NONE);
        assertThat(settled(State.IMPORTING, 0).changed()).isFalse();
    }

    private static ShardTransition settled(State state, int newOwner) {
        return settled(record(state).build(), newOwner);
    }

    private static ShardRecord.Builder record(State state) {
        return ShardRecord.newBuilder().setState(state).setMoveId(MOVE).setIncarnation(MOVE);
    }

    private static ShardTransition settled(ShardRecord record, int newOwner) {
        return ShardTransition.settle(
                record,
                SettleShard.newBuilder().setGeneration(7).setNewOwner(newOwner).build());
    }
}
