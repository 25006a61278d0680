package dev.quorate.store;

import static dev.quorate.store.Commands.adopt;
import static dev.quorate.store.Commands.beginImport;
import static dev.quorate.store.Commands.completeImport;
import static dev.quorate.store.Commands.freeze;
import static dev.quorate.store.Commands.put;
import static dev.quorate.store.Commands.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.ShardRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An import's rows go past the buffer, into files of their own that are durable before the index that brought them is. */
class ImportRunTest {
    private static final int ROUNDS = 60;
    private static final int ROWS = 200;
    private static final int BATCHES_BEFORE_FLUSH = 7;
    private static final long MOVE = 50;

    @TempDir
    Path directory;

    private final Seed seed = Seed.of(ImportRunTest.class);
    private final Random random = seed.random();

    /** What a source sends, and what its shard comes to. */
    private record Sent(List<Row> rows, long digest, ShardRecord record) {}

    private static Sent sent() {
        try (TestStore source = TestStore.open(new MemoryStorage(), new ArrayList<>())) {
            source.apply(Commands.createMap(2));
            for (int i = 0; i < ROWS; i++) {
                source.write(i, put("key" + i, value("value" + i).setDeadlineMillis(i % 9 == 0 ? 5000 + i : 0)));
            }
            source.apply(freeze(0, MOVE));
            try (RowsView view = source.store.rowsView(0)) {
                ByteString rows =
                        view.exportChunk(0, 0, null, Integer.MAX_VALUE).rows();
                return new Sent(Row.unpack(rows), view.digest(0, 0), source.record(0));
            }
        }
    }

    private static Command next(TestStore target, Sent sent, int rows) {
        ShardRecord own = target.record(0);
        ByteString after = own.getResumeAfter();
        int from = has(target, sent);
        return Commands.chunk(
                0, MOVE, own.getNextChunk(), after, sent.rows().subList(from, Math.min(from + rows, ROWS)));
    }

    /** How many rows, by the record: a look at the rows would end the run. */
    private static int has(TestStore target, Sent sent) {
        ByteString last = target.record(0).getResumeAfter();
        return (int) sent.rows().stream()
                .filter(row -> ByteString.unsignedLexicographicalComparator().compare(row.key(), last) <= 0)
                .count();
    }

    private static Command complete(TestStore target, Sent sent) {
        return completeImport(0, MOVE, target.record(0).getNextChunk(), sent.digest(), sent.record());
    }

    private static List<Row> rows(TestStore store) {
        try (RowsView view = store.store.rowsView(0)) {
            return Row.unpack(view.exportChunk(0, MOVE, null, Integer.MAX_VALUE).rows());
        }
    }

    @Test
    void whereverAMemberCrashesItHasWhatTheOthersHave() {
        Sent sent = sent();
        for (int round = 0; round < ROUNDS; round++) {
            MemoryStorage storage = new MemoryStorage(BATCHES_BEFORE_FLUSH);
            TestStore target = TestStore.open(storage, new ArrayList<>());
            target.apply(beginImport(0, MOVE));
            boolean startedOver = false;
            while (!target.record(0).getImportComplete()) {
                target = after(target, storage);
                target.apply(next(target, sent, 1 + random.nextInt(30)));
                boolean tooEarly = !startedOver && random.nextInt(20) == 0;
                if (tooEarly || has(target, sent) == ROWS) {
                    startedOver |= tooEarly;
                    target.apply(complete(target, sent));
                }
            }
            assertThat(target.changes(adopt(0, MOVE))).isTrue();
            target = after(target, storage);
            assertThat(rows(target)).as(seed.replay()).isEqualTo(sent.rows());
            assertSameAsOneThatNeverCrashed(target);
            target.close();
        }
    }

    /** What may happen between two entries. */
    private TestStore after(TestStore target, MemoryStorage storage) {
        switch (random.nextInt(6)) {
            case 0 -> {
                storage.crash(random.nextBoolean());
                TestStore recovered = TestStore.open(storage, target.log);
                assertSameAsOneThatNeverCrashed(recovered);
                recovered.replay();
                return recovered;
            }
            case 1 -> target.store.flush();
            case 2 -> target.apply(beginImport(1, MOVE + target.log.size()));
            default -> {}
        }
        return target;
    }

    private void assertSameAsOneThatNeverCrashed(TestStore target) {
        try (TestStore steady = TestStore.open(new MemoryStorage(Integer.MAX_VALUE), target.log)) {
            steady.store.apply(
                    target.log.subList(0, (int) target.store.applied().index()));
            assertThat(target.content()).as(seed.replay()).isEqualTo(steady.content());
            assertThat(target.record(0)).as(seed.replay()).isEqualTo(steady.record(0));
        }
    }

    @Test
    void onADiskTheFilesAreTakenOver() throws IOException {
        Sent sent = sent();
        Path current = directory.resolve("current");
        TestStore target = TestStore.open(directory);
        target.apply(beginImport(0, MOVE));
        while (has(target, sent) < ROWS) {
            target.apply(next(target, sent, 20));
            target.apply(next(target, sent, 20));
            if (random.nextInt(4) == 0) {
                target.close();
                Files.writeString(current.resolve("77.run"), "left by a crash");
                target = TestStore.open(directory, target.log);
            }
        }
        target.apply(complete(target, sent));
        assertThat(target.changes(adopt(0, MOVE))).isTrue();
        assertThat(rows(target)).isEqualTo(sent.rows());
        assertSameAsOneThatNeverCrashed(target);
        target.close();
        try (Stream<Path> files = Files.list(current)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith(".run"));
        }
    }

    /** A source with a fault stops nobody: what it sends out of order is left out, and the digest tells. */
    @Test
    void rowsOutOfOrderAreLeftOut() {
        Sent sent = sent();
        List<Row> mixed = new ArrayList<>(sent.rows());
        mixed.add(3, mixed.removeLast());
        try (TestStore target = TestStore.open(directory)) {
            target.apply(beginImport(0, MOVE));
            assertThat(target.changes(Commands.chunk(0, MOVE, 0, mixed))).isTrue();
            assertThat(rows(target)).hasSize(4);
            ByteString last = target.record(0).getResumeAfter();
            assertThat(target.changes(Commands.chunk(0, MOVE, 1, last, sent.rows())))
                    .isTrue();
            assertThat(rows(target)).hasSize(4);
            assertThat(target.changes(complete(target, sent))).isTrue();
            assertThat(target.record(0).getImportComplete()).isFalse();
            assertThat(rows(target)).isEmpty();
            assertThat(target.changes(Commands.chunk(0, MOVE, 0, sent.rows()))).isTrue();
            assertThat(rows(target)).isEqualTo(sent.rows());
        }
    }
}
