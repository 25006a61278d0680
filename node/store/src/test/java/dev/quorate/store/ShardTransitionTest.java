package dev.quorate.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.ShardRecord.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ShardTransitionTest {
    private static final int SHARD = 3;
    private static final long OLDER = 6;
    private static final long CURRENT = 7;
    private static final long NEWER = 8;

    private static final Row ROW = Commands.row("k", "v", 4, 0);

    /** Every state that a record can be in, by name; the last move is 7 in all of them. */
    private static Map<String, ShardRecord> states() {
        Map<String, ShardRecord> states = new LinkedHashMap<>();
        states.put("none", base(State.NONE).clearIncarnation().build());
        states.put("owned", base(State.OWNED).build());
        states.put("exporting", base(State.EXPORTING).setExportDigest(9).build());
        states.put("frozen", base(State.FROZEN).build());
        states.put("importing", base(State.IMPORTING).setIncarnation(CURRENT).build());
        states.put(
                "complete",
                base(State.IMPORTING)
                        .setIncarnation(CURRENT)
                        .setNextChunk(1)
                        .setImportComplete(true)
                        .build());
        states.put("released", base(State.RELEASED).setPeerGroup(2).build());
        return states;
    }

    private static ShardRecord.Builder base(State state) {
        return ShardRecord.newBuilder()
                .setState(state)
                .setIncarnation(2)
                .setMoveId(CURRENT)
                .setVersionCounter(50)
                .setClockMillis(900)
                .setEpoch(5);
    }

    private static Map<String, Command> commands(long moveId) {
        Map<String, Command> commands = new LinkedHashMap<>();
        commands.put("export", Commands.beginExport(SHARD, moveId));
        commands.put("freeze", Commands.freeze(SHARD, moveId));
        commands.put("thaw", Commands.thaw(SHARD, moveId));
        commands.put("release", Commands.release(SHARD, moveId));
        commands.put("begin", Commands.beginImport(SHARD, moveId));
        commands.put("chunk", Commands.chunk(SHARD, moveId, 0, List.of(ROW)));
        commands.put(
                "complete",
                Commands.completeImport(
                        SHARD, moveId, 0, ShardDigest.EMPTY, base(State.FROZEN).build()));
        commands.put("adopt", Commands.adopt(SHARD, moveId));
        commands.put("discard", Commands.discard(SHARD, moveId));
        return commands;
    }

    /** State, command, and how its move compares with the last one: all that may change anything, and to what. */
    private static final Map<String, State> LEGAL = Map.ofEntries(
            Map.entry("owned freeze newer", State.FROZEN),
            Map.entry("owned thaw newer", State.OWNED),
            Map.entry("owned export newer", State.EXPORTING),
            Map.entry("exporting freeze current", State.FROZEN),
            Map.entry("exporting thaw current", State.OWNED),
            Map.entry("frozen thaw current", State.OWNED),
            Map.entry("frozen release current", State.RELEASED),
            Map.entry("none begin newer", State.IMPORTING),
            Map.entry("released begin newer", State.IMPORTING),
            Map.entry("importing chunk current", State.IMPORTING),
            Map.entry("importing complete current", State.IMPORTING),
            Map.entry("complete adopt current", State.OWNED),
            Map.entry("importing discard current", State.NONE),
            Map.entry("complete discard current", State.NONE),
            Map.entry("none discard newer", State.NONE),
            Map.entry("released discard newer", State.RELEASED));

    @TestFactory
    Stream<DynamicTest> everyStateMeetsEveryCommandOfEveryMove() {
        Map<String, Long> moves = Map.of("older", OLDER, "current", CURRENT, "newer", NEWER);
        return states().entrySet().stream()
                .flatMap(state -> moves.entrySet().stream()
                        .flatMap(move -> commands(move.getValue()).entrySet().stream()
                                .map(command -> DynamicTest.dynamicTest(
                                        state.getKey() + " " + command.getKey() + " " + move.getKey(),
                                        () -> check(
                                                state.getKey() + " " + command.getKey() + " " + move.getKey(),
                                                state.getValue(),
                                                command.getValue())))));
    }

    private static void check(String situation, ShardRecord before, Command command) {
        ShardTransition transition = apply(before, command);
        State expected = LEGAL.get(situation);
        if (expected == null) {
            assertThat(transition).isEqualTo(new ShardTransition(before, false, ShardTransition.NO_PURGE));
        } else {
            assertThat(transition.changed()).isTrue();
            assertThat(transition.record()).isNotEqualTo(before);
            assertThat(transition.record().getState()).isEqualTo(expected);
            assertThat(transition.record().getMoveId()).isGreaterThanOrEqualTo(before.getMoveId());
            assertThat(apply(transition.record(), command).changed())
                    .as("a repeat changes nothing")
                    .isFalse();
        }
    }

    private static ShardTransition apply(ShardRecord shard, Command command) {
        return switch (command.getCommandCase()) {
            case BEGIN_EXPORT -> ShardTransition.beginExport(shard, command.getBeginExport());
            case FREEZE -> ShardTransition.freeze(shard, command.getFreeze());
            case THAW -> ShardTransition.thaw(shard, command.getThaw());
            case RELEASE -> ShardTransition.release(shard, command.getRelease());
            case PURGE -> ShardTransition.purge(shard, command.getPurge());
            case BEGIN_IMPORT -> ShardTransition.beginImport(shard, command.getBeginImport());
            case IMPORT_CHUNK ->
                ShardTransition.importChunk(
                        shard,
                        command.getImportChunk(),
                        lastRow(shard, command.getImportChunk().getRows()),
                        Row.unpack(command.getImportChunk().getRows()).stream()
                                .mapToLong(Row::digest)
                                .sum(),
                        false);
            case COMPLETE_IMPORT -> ShardTransition.completeImport(shard, command.getCompleteImport());
            case ADOPT -> ShardTransition.adopt(shard, command.getAdopt());
            case DISCARD_IMPORT -> ShardTransition.discardImport(shard, command.getDiscardImport());
            default -> throw new AssertionError(command);
        };
    }

    private static ByteString lastRow(ShardRecord shard, ByteString rows) {
        return rows.isEmpty() ? shard.getResumeAfter() : PackedRows.lastKey(rows);
    }

    @Test
    void aSourceKeepsCountersThroughFreezeAndThaw() {
        ShardRecord frozen =
                apply(states().get("owned"), Commands.freeze(SHARD, NEWER)).record();
        assertThat(frozen.getVersionCounter()).isEqualTo(50);
        assertThat(frozen.getClockMillis()).isEqualTo(900);
        ShardRecord thawed = apply(frozen, Commands.thaw(SHARD, NEWER)).record();
        assertThat(thawed)
                .isEqualTo(
                        base(State.OWNED).setMoveId(NEWER).setEpoch(NEWER + 1).build());
    }

    @Test
    void aFreezeThatComesAfterItsMovesThawIsLate() {
        ShardRecord thawed =
                apply(states().get("owned"), Commands.thaw(SHARD, NEWER)).record();
        assertThat(apply(thawed, Commands.freeze(SHARD, NEWER)).changed()).isFalse();
    }

    @Test
    void anImportThatBeginsAfterItsMovesDiscardIsLate() {
        for (String absent : List.of("none", "released")) {
            ShardRecord discarded =
                    apply(states().get(absent), Commands.discard(SHARD, NEWER)).record();
            assertThat(apply(discarded, Commands.beginImport(SHARD, NEWER)).changed())
                    .isFalse();
        }
    }

    @Test
    void aReleasedShardTellsWhereItWent() {
        ShardRecord released =
                apply(states().get("frozen"), Commands.release(SHARD, CURRENT)).record();
        assertThat(released.getPeerGroup()).isEqualTo(2);
        assertThat(released.getEpoch()).isEqualTo(CURRENT + 1);
        assertThat(released.getIncarnation()).isEqualTo(2);
    }

    @Test
    void anAdoptedShardHasTheCountersOfItsSource() {
        ShardRecord adopted =
                apply(states().get("complete"), Commands.adopt(SHARD, CURRENT)).record();
        assertThat(adopted)
                .isEqualTo(base(State.OWNED)
                        .setIncarnation(CURRENT)
                        .setEpoch(CURRENT + 1)
                        .build());
    }

    @Test
    void chunksCountAndDigest() {
        ShardRecord importing = states().get("importing");
        assertThat(apply(importing, Commands.chunk(SHARD, CURRENT, 1, List.of(ROW)))
                        .changed())
                .isFalse();
        ShardRecord one = apply(importing, Commands.chunk(SHARD, CURRENT, 0, List.of(ROW)))
                .record();
        assertThat(one.getNextChunk()).isEqualTo(1);
        assertThat(one.getResumeAfter()).isEqualTo(ROW.key());
        assertThat(one.getImportDigest()).isEqualTo(ROW.digest()).isNotEqualTo(ShardDigest.EMPTY);
        ShardRecord empty = apply(one, Commands.chunk(SHARD, CURRENT, 1, ROW.key(), List.of()))
                .record();
        assertThat(empty).isEqualTo(one.toBuilder().setNextChunk(2).build());
    }

    @Test
    void anImportThatDoesNotMatchStartsOverWithoutItsData() {
        ShardRecord one = apply(states().get("importing"), Commands.chunk(SHARD, CURRENT, 0, List.of(ROW)))
                .record();
        ShardRecord source = base(State.FROZEN).build();
        for (Command mismatch : List.of(
                Commands.completeImport(SHARD, CURRENT, 1, ROW.digest() + 1, source),
                Commands.completeImport(SHARD, CURRENT, 2, ROW.digest(), source))) {
            ShardTransition over = apply(one, mismatch);
            assertThat(over.changed()).isTrue();
            assertThat(over.purge()).isEqualTo(CURRENT);
            assertThat(over.record()).isEqualTo(states().get("importing"));
        }
        ShardTransition complete = apply(one, Commands.completeImport(SHARD, CURRENT, 1, ROW.digest(), source));
        assertThat(complete.record().getImportComplete()).isTrue();
        assertThat(complete.purge()).isEqualTo(ShardTransition.NO_PURGE);
    }

    @Test
    void purgeNeverTakesTheDataOfAShardThatIsHere() {
        for (String present : Set.of("owned", "frozen", "importing", "complete")) {
            ShardRecord shard = states().get(present);
            assertThat(apply(shard, Commands.purge(SHARD, shard.getIncarnation())))
                    .isEqualTo(new ShardTransition(shard, false, ShardTransition.NO_PURGE));
            assertThat(apply(shard, Commands.purge(SHARD, 1))).isEqualTo(new ShardTransition(shard, true, 1));
        }
    }

    @Test
    void purgeForgetsAReleasedShardOnlyByItsOwnIncarnation() {
        ShardRecord released = states().get("released");
        assertThat(apply(released, Commands.purge(SHARD, 1))).isEqualTo(new ShardTransition(released, true, 1));
        ShardTransition purged = apply(released, Commands.purge(SHARD, 2));
        assertThat(purged.purge()).isEqualTo(2);
        assertThat(purged.record())
                .isEqualTo(
                        ShardRecord.newBuilder().setMoveId(CURRENT).setEpoch(5).build());
        assertThat(apply(released, Commands.purge(SHARD, -1)).changed()).isFalse();
    }
}
