package dev.quorate.store;

import static dev.quorate.store.Commands.adopt;
import static dev.quorate.store.Commands.beginImport;
import static dev.quorate.store.Commands.bytes;
import static dev.quorate.store.Commands.completeImport;
import static dev.quorate.store.Commands.discard;
import static dev.quorate.store.Commands.freeze;
import static dev.quorate.store.Commands.purge;
import static dev.quorate.store.Commands.put;
import static dev.quorate.store.Commands.release;
import static dev.quorate.store.Commands.thaw;
import static dev.quorate.store.Commands.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.ShardRecord.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shard 0 between two groups' stores. */
class MoveTest {
    @TempDir
    Path directory;

    private TestStore source;
    private TestStore target;

    @BeforeEach
    void open() {
        source = TestStore.owning(directory.resolve("source"), 4);
        target = TestStore.open(directory.resolve("target"));
        for (int i = 0; i < 100; i++) {
            source.write(i, put("key" + i, value("value" + i).setDeadlineMillis(i % 3 == 0 ? 1000 + i : 0)));
        }
        source.apply(Commands.write(1, 0, put("key1", "of another shard")));
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    /** What the source has of an incarnation, in chunks. */
    private static List<List<Row>> export(TestStore source, int maxBytes) {
        List<List<Row>> chunks = new ArrayList<>();
        try (RowsView view = source.store.rowsView(0)) {
            long incarnation = view.shard(0).record().getIncarnation();
            byte[] after = null;
            boolean last = false;
            while (!last) {
                ShardChunk chunk = view.exportChunk(0, incarnation, after, maxBytes);
                chunks.add(Row.unpack(chunk.rows()));
                last = chunk.last();
                after = last ? null : PackedRows.lastKey(chunk.rows()).toByteArray();
            }
        }
        return chunks;
    }

    private static long digest(TestStore store) {
        try (RowsView view = store.store.rowsView(0)) {
            return view.digest(0, view.shard(0).record().getIncarnation());
        }
    }

    /** That goes on where the import stands. */
    private static Command chunk(TestStore target, long moveId, long number, List<Row> rows) {
        ByteString after = number == 0 ? ByteString.EMPTY : target.record(0).getResumeAfter();
        return Commands.chunk(0, moveId, number, after, rows);
    }

    private static void copy(TestStore from, TestStore to, long moveId) {
        assertThat(from.changes(freeze(0, moveId))).isTrue();
        assertThat(to.changes(beginImport(0, moveId))).isTrue();
        List<List<Row>> chunks = export(from, 300);
        for (int i = 0; i < chunks.size(); i++) {
            assertThat(to.changes(chunk(to, moveId, i, chunks.get(i)))).isTrue();
        }
        to.changes(completeImport(0, moveId, chunks.size(), digest(from), from.record(0)));
        assertThat(to.record(0).getImportComplete()).isTrue();
    }

    private static void move(TestStore from, TestStore to, long moveId) {
        copy(from, to, moveId);
        assertThat(to.changes(adopt(0, moveId))).isTrue();
        assertThat(from.changes(release(0, moveId))).isTrue();
    }

    @Test
    void everythingArrivesWithVersionsDeadlinesAndCounters() {
        ShardRecord before = source.record(0);
        List<List<Row>> sent = export(source, Integer.MAX_VALUE);
        move(source, target, 7);
        assertThat(export(target, Integer.MAX_VALUE)).isEqualTo(sent);
        assertThat(digest(target)).isEqualTo(digest(source));
        ShardRecord after = target.record(0);
        assertThat(after.getVersionCounter()).isEqualTo(before.getVersionCounter());
        assertThat(after.getClockMillis()).isEqualTo(before.getClockMillis());
        assertThat(target.write(put("new", "v")).current().version()).isEqualTo(before.getVersionCounter() + 1);
        try (RowsView view = target.store.rowsView(0)) {
            assertThat(view.due(0, 1002, 100))
                    .extracting(DueKey::deadlineMillis)
                    .containsExactly(1000L);
            assertThat(view.due(0, 5000, 100)).hasSize(34);
        }
    }

    @Test
    void aFrozenShardTakesNoWritesAndAThawedOneDoes() {
        source.apply(freeze(0, 7));
        assertThat(source.apply(Commands.write(0, 0, put("k", "v")))).isInstanceOf(ApplyResult.NotOwned.class);
        assertThat(source.changes(thaw(0, 7))).isTrue();
        source.write(put("k", "v"));
        assertThat(source.value("k")).isEqualTo("v");
    }

    @Test
    void anImportingShardTakesNoWritesBeforeItIsAdopted() {
        copy(source, target, 7);
        assertThat(target.apply(Commands.write(0, 0, put("k", "v")))).isInstanceOf(ApplyResult.NotOwned.class);
        assertThat(target.changes(adopt(0, 7))).isTrue();
        target.write(put("k", "v"));
    }

    @Test
    void anIncompleteImportCannotBeAdopted() {
        target.apply(beginImport(0, 7));
        target.apply(chunk(target, 7, 0, export(source, 300).getFirst()));
        assertThat(target.changes(adopt(0, 7))).isFalse();
        assertThat(target.record(0).getState()).isEqualTo(State.IMPORTING);
    }

    @Test
    void chunksComeInOrderAndOnce() {
        source.apply(freeze(0, 7));
        target.apply(beginImport(0, 7));
        List<List<Row>> chunks = export(source, 300);
        assertThat(chunks).hasSizeGreaterThan(3);
        assertThat(target.changes(chunk(target, 7, 1, chunks.get(1)))).isFalse();
        assertThat(target.changes(chunk(target, 7, 0, chunks.get(0)))).isTrue();
        assertThat(target.changes(chunk(target, 7, 0, chunks.get(0)))).isFalse();
        assertThat(target.changes(chunk(target, 7, 2, chunks.get(2)))).isFalse();
        assertThat(target.changes(chunk(target, 8, 1, chunks.get(1)))).isFalse();
        assertThat(target.changes(beginImport(0, 7)))
                .as("a repeat keeps what arrived")
                .isFalse();
        for (int i = 1; i < chunks.size(); i++) {
            assertThat(target.changes(chunk(target, 7, i, chunks.get(i)))).isTrue();
        }
        assertThat(target.record(0).getImportDigest()).isEqualTo(digest(source)).isEqualTo(digest(target));
        target.apply(completeImport(0, 7, chunks.size(), digest(source), source.record(0)));
        assertThat(target.record(0).getImportComplete()).isTrue();
        assertThat(target.changes(chunk(target, 7, chunks.size(), chunks.get(0))))
                .isFalse();
    }

    @Test
    void anInterruptedImportGoesOnWhereItsRecordSays() {
        source.apply(freeze(0, 7));
        target.apply(beginImport(0, 7));
        List<List<Row>> chunks = export(source, 300);
        target.apply(chunk(target, 7, 0, chunks.get(0)));
        target.apply(chunk(target, 7, 1, chunks.get(1)));

        ShardRecord progress = target.record(0);
        try (RowsView view = source.store.rowsView(0)) {
            ShardChunk rest = view.exportChunk(0, 0, progress.getResumeAfter().toByteArray(), Integer.MAX_VALUE);
            assertThat(rest.last()).isTrue();
            target.apply(chunk(target, 7, progress.getNextChunk(), Row.unpack(rest.rows())));
        }
        target.apply(completeImport(0, 7, 3, digest(source), source.record(0)));
        assertThat(target.record(0).getImportComplete()).isTrue();
        assertThat(digest(target)).isEqualTo(digest(source));
    }

    @Test
    void aDamagedImportStartsOverAndThenSucceeds() {
        source.apply(freeze(0, 7));
        target.apply(beginImport(0, 7));
        List<Row> good = export(source, Integer.MAX_VALUE).getFirst();
        List<Row> damaged = new ArrayList<>(good);
        damaged.set(5, new Row(good.get(5).key(), Commands.string("damaged")));
        target.apply(chunk(target, 7, 0, damaged));
        assertThat(target.changes(completeImport(0, 7, 1, digest(source), source.record(0))))
                .isTrue();
        assertThat(target.record(0).getImportComplete()).isFalse();
        assertThat(target.record(0).getNextChunk()).isZero();
        assertThat(export(target, 300)).containsExactly(List.of());
        try (RowsView view = target.store.rowsView(0)) {
            assertThat(view.due(0, 5000, 10)).isEmpty();
        }
        target.apply(chunk(target, 7, 0, good));
        target.apply(completeImport(0, 7, 1, digest(source), source.record(0)));
        assertThat(target.changes(adopt(0, 7))).isTrue();
        assertThat(target.value("key5")).isEqualTo("value5");
    }

    @Test
    void theWholeMoveWorksInOneCallOfApply() {
        source.apply(freeze(0, 7));
        List<Row> all = export(source, Integer.MAX_VALUE).getFirst();
        List<ApplyResult> results = target.applyAll(
                beginImport(0, 7),
                chunk(target, 7, 0, all.subList(0, 50)),
                completeImport(0, 7, 9, 9, source.record(0)),
                chunk(target, 7, 0, all),
                completeImport(0, 7, 1, digest(source), source.record(0)),
                adopt(0, 7),
                Commands.write(
                        0, 0, Commands.increment("n", 1), put("key1", value("x").setReturnPrevious(true))));
        List<OperationResult> written = ((ApplyResult.Written) results.getLast()).operations();
        assertThat(written.getFirst().number()).isEqualTo(1);
        assertThat(written.getLast().previous().value()).isEqualTo(bytes("value1"));
    }

    @Test
    void theEmptyKeyMovesToo() {
        source.write(put("", "value"));
        assertThat(export(source, 1)).hasSize(101).allMatch(chunk -> chunk.size() == 1);
        copy(source, target, 7);
    }

    @Test
    void anEmptyShardMovesToo() {
        source.apply(freeze(2, 7));
        target.applyAll(beginImport(2, 7), completeImport(2, 7, 0, ShardDigest.EMPTY, source.record(2)), adopt(2, 7));
        assertThat(target.store.shard(2).owned()).isTrue();
    }

    @Test
    void anAbortedMoveLeavesNothingAtTheTarget() {
        copy(source, target, 7);
        assertThat(target.changes(discard(0, 7))).isTrue();
        assertThat(source.changes(thaw(0, 7))).isTrue();
        assertThat(target.store.shards()).isEmpty();
        try (RowsView view = target.store.rowsView(0)) {
            assertThat(view.exportChunk(0, 7, null, 1000).rows()).isEmpty();
            assertThat(view.orphans(10)).isEmpty();
        }
        assertThat(target.changes(beginImport(0, 7))).isFalse();
        move(source, target, 9);
        assertThat(target.value("key1")).isEqualTo("value1");
    }

    @Test
    void aShardThatComesBackIsNeverEatenByALatePurgeOrChunk() {
        move(source, target, 7);
        target.write(put("key1", "changed"));
        move(target, source, 9);
        assertThat(source.record(0).getIncarnation()).isEqualTo(9);
        try (RowsView view = source.store.rowsView(0)) {
            assertThat(view.orphans(10)).containsExactly(new Orphan(0, 0));
        }
        assertThat(source.changes(purge(0, 0))).as("late, but of the old stay").isTrue();
        assertThat(source.changes(purge(0, 9))).as("of the present stay").isFalse();
        assertThat(source.changes(chunk(source, 9, 0, List.of()))).isFalse();
        assertThat(source.changes(discard(0, 9))).isFalse();
        assertThat(source.value("key1")).isEqualTo("changed");
        assertThat(digest(source)).isEqualTo(digest(target));
        try (RowsView view = source.store.rowsView(0)) {
            assertThat(view.orphans(10)).isEmpty();
            assertThat(view.due(0, 5000, 100)).hasSize(34);
        }
    }

    @Test
    void theOldDataIsUntouchedByTheImportOfTheNew() {
        move(source, target, 7);
        long old = digest(source);
        target.write(put("key1", "changed"));
        target.apply(freeze(0, 9));
        source.apply(beginImport(0, 9));
        source.apply(chunk(source, 9, 0, export(target, Integer.MAX_VALUE).getFirst()));
        source.apply(discard(0, 9));
        try (RowsView view = source.store.rowsView(0)) {
            assertThat(view.digest(0, 0)).isEqualTo(old);
            assertThat(view.orphans(10)).containsExactly(new Orphan(0, 0));
        }
    }

    @Test
    void aReleasedShardIsForgottenOnlyWhenItIsPurged() {
        move(source, target, 7);
        assertThat(source.record(0).getState()).isEqualTo(State.RELEASED);
        assertThat(source.record(0).getPeerGroup()).isEqualTo(2);
        assertThat(source.store.shards()).hasSize(4);
        assertThat(source.changes(purge(0, 0))).isTrue();
        assertThat(source.store.shards()).hasSize(3);
        assertThat(source.value(1, "key1")).as("other shards stay").isEqualTo("of another shard");
    }

    @Test
    void theDigestDependsOnNothingButTheRows() {
        source.apply(freeze(0, 7));
        List<Row> all = export(source, Integer.MAX_VALUE).getFirst();
        assertThat(all.stream().mapToLong(Row::digest).sum()).isEqualTo(digest(source));
        Row row = Commands.row("key", "value", 4, 0);
        assertThat(List.of(
                        Commands.row("key", "value", 5, 0),
                        Commands.row("key", "value", 4, 5),
                        Commands.row("", "value", 4, 0),
                        new Row(row.key().concat(row.value()), ByteString.EMPTY)))
                .allSatisfy(other -> assertThat(other.digest()).isNotEqualTo(row.digest()));
    }

    @Test
    void sessionsMoveWithTheShardAndAnswerThere() {
        long incarnation =
                ((ApplyResult.SessionOpened) source.apply(Commands.openSession(0, Commands.CLIENT, 0))).incarnation();
        Command once = Commands.once(
                Commands.call(Commands.CLIENT, incarnation, 1, 1), Commands.write(0, 0, Commands.increment("n", 1)));
        ApplyResult.Written first = (ApplyResult.Written) source.apply(once);
        move(source, target, 7);
        assertThat(target.record(0).getSessionCount()).isEqualTo(1);
        ApplyResult.Written again = (ApplyResult.Written) target.apply(once);
        assertThat(again.operations().getFirst().number())
                .isEqualTo(first.operations().getFirst().number())
                .isEqualTo(1);
        assertThat(target.value("n")).isEqualTo("1");
        assertThat(source.apply(once)).isInstanceOf(ApplyResult.NotOwned.class);
        assertThat(((ApplyResult.SessionOpened) target.apply(Commands.openSession(
                                0, ByteString.copyFrom(new byte[15]).concat(Commands.string("x")), 0)))
                        .incarnation())
                .isEqualTo(incarnation + 1);
        source.apply(purge(0, 0));
        try (RowsView view = source.store.rowsView(0)) {
            assertThat(view.orphans(10)).isEmpty();
            assertThat(view.digest(0, 0)).isEqualTo(ShardDigest.EMPTY);
        }
    }

    /** A row that is not even a row must not stop the members that apply it. */
    @Test
    void rowsThatMakeNoSenseStartTheImportOver() {
        source.apply(freeze(0, 7));
        target.apply(beginImport(0, 7));
        List<Row> senseless = List.of(
                new Row(Commands.string("\u0002k"), ByteString.EMPTY),
                new Row(Commands.string("\u0001k"), ByteString.EMPTY),
                new Row(ByteString.EMPTY, Commands.string("v")));
        assertThat(target.changes(chunk(target, 7, 0, senseless))).isTrue();
        target.apply(completeImport(0, 7, 1, digest(source), source.record(0)));
        assertThat(target.record(0).getImportComplete()).isFalse();
        assertThat(export(target, 300)).containsExactly(List.of());
    }

    @Test
    void aShardNumberThatCannotBeChangesNothing() {
        for (int shard : new int[] {-1, 16384, Integer.MAX_VALUE}) {
            assertThat(target.changes(beginImport(shard, 7))).isFalse();
            assertThat(target.changes(purge(shard, 7))).isFalse();
        }
        assertThat(target.changes(beginImport(16383, 7))).isTrue();
        assertThat(target.store.shards()).hasSize(1);
    }
}
