package dev.quorate.store;

import static dev.quorate.store.Commands.CLIENT;
import static dev.quorate.store.Commands.increment;
import static dev.quorate.store.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.quorate.raft.Entry;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.ImportChunk;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.ShardRecord.State;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shard is copied while it is written to: rows as they are at any moment, and the tail of what changed. */
class LiveMoveTest {
    private static final int ROUNDS = 40;
    private static final long MOVE = 50;

    @TempDir
    Path directory;

    private final Seed seed = Seed.of(LiveMoveTest.class);
    private final Random random = seed.random();
    private final MemoryStorage sourceStorage = new MemoryStorage();
    private final MemoryStorage targetStorage = new MemoryStorage();
    private TestStore source;
    private TestStore target;
    private long nowMillis = 1000;
    private long sequence;

    @BeforeEach
    void open() {
        source = TestStore.open(sourceStorage, new ArrayList<>());
        target = TestStore.open(targetStorage, new ArrayList<>());
        source.apply(Commands.createMap(2));
        source.apply(Commands.openSession(0, CLIENT, nowMillis));
    }

    @AfterEach
    void close() {
        source.close();
        target.close();
    }

    /** What a target's leader knows while it pulls. */
    private final class Puller {
        long number;
        ByteString after;
        boolean rowsDone;
        long tailAfter;
        boolean all;

        Puller() {
            ShardRecord own = target.record(0);
            number = own.getNextChunk();
            after = own.getResumeAfter();
            rowsDone = own.getRowsDone();
            tailAfter = own.getTailPosition();
        }

        Command pull(long move, int maxBytes) {
            try (RowsView view = source.store.rowsView(0)) {
                long incarnation = view.shard(0).record().getIncarnation();
                ImportChunk.Builder chunk = ImportChunk.newBuilder()
                        .setMoveId(move)
                        .setNumber(number++)
                        .setAfter(after)
                        .setTailAfter(tailAfter)
                        .setSourceIndex(view.appliedIndex());
                if (!rowsDone) {
                    byte[] from = after.isEmpty() ? null : after.toByteArray();
                    ShardChunk rows = view.exportChunk(0, incarnation, from, maxBytes);
                    chunk.setRows(rows.rows());
                    after = rows.rows().isEmpty() ? after : PackedRows.lastKey(rows.rows());
                    rowsDone = rows.last();
                }
                ShardTail tail = view.tail(0, incarnation, tailAfter, maxBytes);
                tailAfter = tail.entries().isEmpty()
                        ? tailAfter
                        : tail.entries().getLast().getIndex();
                all = rowsDone && tail.last();
                return Command.newBuilder()
                        .setImportChunk(chunk.setRowsDone(rowsDone).addAllTail(tail.entries()))
                        .build();
            }
        }
    }

    private static long digest(TestStore store) {
        try (RowsView view = store.store.rowsView(0)) {
            return view.digest(0, store.record(0).getIncarnation());
        }
    }

    private static List<Row> rows(TestStore store) {
        try (RowsView view = store.store.rowsView(0)) {
            return Row.unpack(view.exportChunk(0, store.record(0).getIncarnation(), null, Integer.MAX_VALUE)
                    .rows());
        }
    }

    /** What the digest was when the export began, by a look at any moment since. */
    private long base() {
        return digest(source) - source.record(0).getExportDigest();
    }

    private Command complete(long move, long chunks, long base) {
        ShardRecord frozen = source.record(0);
        return Commands.completeImport(0, move, chunks, base + frozen.getExportDigest(), frozen);
    }

    private void writeSomething() {
        nowMillis += random.nextInt(20);
        switch (random.nextInt(8)) {
            case 0 -> source.apply(Commands.openSession(0, client(), nowMillis));
            case 1, 2 -> {
                sequence++;
                source.apply(Commands.once(
                        Commands.call(CLIENT, 1, sequence, Math.max(1, sequence - random.nextInt(3))),
                        History.write(random, 0, nowMillis)));
            }
            case 3 -> {
                try (RowsView view = source.store.rowsView(0)) {
                    source.apply(Commands.expire(0, nowMillis, view.due(0, nowMillis, 3)));
                }
            }
            default -> source.apply(History.write(random, 0, nowMillis));
        }
    }

    private ByteString client() {
        return ByteString.copyFrom(new byte[15]).concat(ByteString.copyFrom(new byte[] {(byte) random.nextInt(6)}));
    }

    private void write(int times) {
        for (int i = 0; i < times; i++) {
            writeSomething();
        }
    }

    /** A member goes on from what it had flushed and its log. */
    private TestStore crash(TestStore store, MemoryStorage storage) {
        List<Entry> log = store.log;
        storage.crash(random.nextBoolean());
        TestStore recovered = TestStore.open(storage, log);
        recovered.replay();
        return recovered;
    }

    @Test
    void whateverIsWrittenMeanwhileTheCopyIsTheSourceAtTheFreeze() {
        for (int round = 0; round < ROUNDS; round++) {
            write(random.nextInt(30));
            copy(MOVE + 10 * round);
            assertThat(target.changes(Commands.adopt(0, MOVE + 10 * round))).isTrue();
            assertThat(source.changes(Commands.release(0, MOVE + 10 * round))).isTrue();
            assertThat(rows(target)).as(seed.replay()).isEqualTo(rows(source));
            assertThat(source.changes(Commands.purge(0, source.record(0).getIncarnation())))
                    .isTrue();
            moveBack(MOVE + 10 * round + 5);
        }
    }

    private void copy(long move) {
        assertThat(source.changes(Commands.beginExport(0, move))).isTrue();
        assertThat(target.changes(Commands.beginImport(0, move))).isTrue();
        Long base = null;
        Puller puller = new Puller();
        Deque<Command> underWay = new ArrayDeque<>();
        List<Command> sent = new ArrayList<>();
        boolean frozen = false;
        while (true) {
            if (!frozen) {
                write(random.nextInt(3));
            }
            if (base == null && random.nextInt(4) == 0) {
                base = base();
            }
            if (random.nextInt(30) == 0) {
                source = crash(source, sourceStorage);
            }
            if (random.nextInt(10) == 0) {
                // Another leader of the target goes on from the record; what the old one sent may come later.
                target = crash(target, targetStorage);
                underWay.clear();
                puller = new Puller();
            }
            Command next = puller.pull(move, 1 + random.nextInt(3000));
            underWay.add(next);
            sent.add(next);
            if (random.nextInt(3) == 0) {
                target.apply(sent.get(random.nextInt(sent.size())));
            }
            while (!underWay.isEmpty() && (puller.all || random.nextInt(3) > 0)) {
                target.apply(underWay.remove());
            }
            boolean inStep = target.record(0).getNextChunk() == puller.number;
            if (underWay.isEmpty() && !inStep) {
                puller = new Puller();
            } else if (underWay.isEmpty() && puller.all && base != null) {
                if (frozen) {
                    break;
                }
                frozen = source.changes(Commands.freeze(0, move));
                assertThat(frozen).isTrue();
            }
        }
        assertThat(target.changes(complete(move, target.record(0).getNextChunk(), base)))
                .isTrue();
        assertThat(target.record(0).getImportComplete()).as(seed.replay()).isTrue();
    }

    /** By the source's freeze at once, which is a copy without a tail. */
    private void moveBack(long move) {
        TestStore from = target;
        from.apply(Commands.freeze(0, move));
        source.apply(Commands.beginImport(0, move));
        source.apply(Commands.chunk(0, move, 0, rows(from)));
        source.apply(Commands.completeImport(0, move, 1, digest(from), from.record(0)));
        assertThat(source.changes(Commands.adopt(0, move))).as(seed.replay()).isTrue();
        from.apply(Commands.release(0, move));
        from.apply(Commands.purge(0, from.record(0).getIncarnation()));
    }

    @Test
    void aKeyThatOneWriteMakesAndTouchesAgainIsTold() {
        source.apply(Commands.beginExport(0, MOVE));
        long base = base();
        source.write(0, put("k", "1"), increment("k", 1), increment("k", 1));
        assertThat(base()).isEqualTo(base);
    }

    @Test
    void anExportedShardServes() {
        source.apply(Commands.beginExport(0, MOVE));
        assertThat(source.write(increment("n", 1)).number()).isEqualTo(1);
        assertThat(source.store.shard(0).owned()).isTrue();
        assertThat(source.apply(Commands.openSession(0, client(), 0))).isInstanceOf(ApplyResult.SessionOpened.class);
    }

    @Test
    void whatASessionDidDuringTheCopyIsAnsweredAtTheTarget() {
        source.apply(Commands.beginExport(0, MOVE));
        target.apply(Commands.beginImport(0, MOVE));
        Puller puller = new Puller();
        target.apply(puller.pull(MOVE, 10_000));
        Command once = Commands.once(Commands.call(CLIENT, 1, 1, 1), Commands.write(0, 0, increment("n", 1)));
        source.apply(once);
        long base = base();
        source.apply(Commands.freeze(0, MOVE));
        target.apply(puller.pull(MOVE, 10_000));
        target.apply(complete(MOVE, 2, base));
        assertThat(target.changes(Commands.adopt(0, MOVE))).isTrue();
        ApplyResult.Written again = (ApplyResult.Written) target.apply(once);
        assertThat(again.operations().getFirst().number()).isEqualTo(1);
        assertThat(target.value("n")).isEqualTo("1");
    }

    @Test
    void aChunkOfNothingIsTakenToo() {
        try (TestStore disk = TestStore.open(directory, new ArrayList<>())) {
            disk.apply(Commands.beginImport(0, MOVE));
            assertThat(disk.changes(Commands.chunk(0, MOVE, 0, List.of()))).isTrue();
        }
    }

    @Test
    void anAbortLeavesNoTailAndTheNextMoveCopiesAllAgain() {
        source.write(put("k", "v"));
        source.apply(Commands.beginExport(0, MOVE));
        source.write(put("k", "w"));
        target.apply(Commands.beginImport(0, MOVE));
        target.apply(new Puller().pull(MOVE, 10_000));
        assertThat(source.changes(Commands.thaw(0, MOVE))).isTrue();
        assertThat(target.changes(Commands.discard(0, MOVE))).isTrue();
        try (RowsView view = source.store.rowsView(0)) {
            assertThat(view.tail(0, 0, 0, 1000).entries()).isEmpty();
        }
        assertThat(source.changes(Commands.freeze(0, MOVE))).as("late").isFalse();
        source.write(put("k", "x"));
        copy(MOVE + 1);
        assertThat(rows(target)).isEqualTo(rows(source));
    }

    /** What an earlier leader pulled goes on elsewhere than where the import stands by now. */
    @Test
    void chunksOfTwoLeadersAreNotMixedUp() {
        for (int i = 0; i < 20; i++) {
            source.write(put("k" + i, "v"));
        }
        source.apply(Commands.beginExport(0, MOVE));
        target.apply(Commands.beginImport(0, MOVE));
        Puller one = new Puller();
        one.pull(MOVE, 300);
        Command second = one.pull(MOVE, 300);
        assertThat(target.changes(new Puller().pull(MOVE, 100))).isTrue();
        assertThat(target.changes(second)).isFalse();
        assertThat(target.changes(new Puller().pull(MOVE, 100))).isTrue();
    }

    /** Rows that are older than the tail that is applied would take back what nobody tells again. */
    @Test
    void rowsFromBeforeTheTailThatIsAppliedAreRefused() {
        source.apply(Commands.beginExport(0, MOVE));
        target.apply(Commands.beginImport(0, MOVE));
        source.write(put("k", "v"));
        ImportChunk tail = new Puller()
                .pull(MOVE, 10_000).getImportChunk().toBuilder()
                        .clearRows()
                        .clearRowsDone()
                        .build();
        assertThat(target.changes(Command.newBuilder().setImportChunk(tail).build()))
                .isTrue();
        ImportChunk fresh = new Puller().pull(MOVE, 10_000).getImportChunk();
        ImportChunk stale = fresh.toBuilder()
                .setSourceIndex(target.record(0).getTailPosition() - 1)
                .build();
        assertThat(target.changes(Command.newBuilder().setImportChunk(stale).build()))
                .isFalse();
        assertThat(target.changes(Command.newBuilder().setImportChunk(fresh).build()))
                .isTrue();
    }

    @Test
    void aLostTailEntryShowsInTheDigest() {
        source.apply(Commands.beginExport(0, MOVE));
        target.apply(Commands.beginImport(0, MOVE));
        Puller puller = new Puller();
        target.apply(puller.pull(MOVE, 10_000));
        long base = base();
        source.write(put("k", "v"));
        source.apply(Commands.freeze(0, MOVE));
        target.apply(complete(MOVE, 1, base));
        assertThat(target.record(0).getImportComplete()).isFalse();
        assertThat(target.record(0).getState()).isEqualTo(State.IMPORTING);
        assertThat(target.record(0).getNextChunk()).isZero();
    }
}
