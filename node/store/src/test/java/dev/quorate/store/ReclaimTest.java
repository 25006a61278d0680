package dev.quorate.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk space of a shard that moved away. */
class ReclaimTest {
    private static final int VALUE_CHARS = 64 << 10;
    private static final int VALUES_A_FLUSH = 64;
    private static final int FLUSHES = 64;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    @TempDir
    private Path directory;

    @Test
    void comesBackOnceNobodyReadsTheShardAnyMoreAndTheDeletionIsDurable() throws IOException {
        try (TestStore store = TestStore.owning(directory, 2)) {
            fill(store);
            store.apply(Commands.write(1, 0, Commands.put("key", "of another shard")));
            awaitCompacted();
            RowsView reader = store.store.rowsView(0);
            long digest = reader.digest(0, 0);
            leave(store);
            store.store.flush();
            store.store.reclaim();
            assertThat(reader.digest(0, 0)).isEqualTo(digest);
            assertThat(orphans(store)).isEmpty();
            reader.close();

            long before = filesBytes();
            reclaimUntil(store, before * 3 / 4); // a file has keys of others, too
            assertThat(store.store.flushedIndex())
                    .isEqualTo(store.store.applied().index());
            assertThat(store.value(1, "key")).isEqualTo("of another shard");
        }
        try (TestStore again = TestStore.open(directory)) {
            assertThat(again.value(1, "key")).isEqualTo("of another shard");
            assertThat(again.store.shards()).hasSize(1);
        }
    }

    @Test
    void comesBackAlsoWhenTheProcessEndedBefore() throws IOException {
        List<Entry> log;
        try (TestStore store = TestStore.owning(directory, 2)) {
            fill(store);
            awaitCompacted();
            leave(store);
            log = store.log;
        }
        try (TestStore again = TestStore.open(directory, log)) {
            assertThat(orphans(again)).isEmpty();
            reclaimUntil(again, filesBytes() * 3 / 4);
        }
    }

    /** A snapshot of the group is of files: it has the marks with the rows. */
    @Test
    void comesBackAlsoWhereASnapshotBringsWhatIsLeft() throws IOException {
        Path follower = directory.resolve("follower");
        try (TestStore leader = TestStore.owning(directory.resolve("leader"), 2);
                TestStore receiver = TestStore.open(follower)) {
            fill(leader);
            awaitCompacted(directory.resolve("leader"));
            leave(leader);
            receiver.store.install(leader.store.checkpoint(directory.resolve("checkpoint")));
            assertThat(orphans(receiver)).isEmpty();
            reclaimUntil(receiver, follower, filesBytes(follower) * 3 / 4);
        }
    }

    /** Members unlink files each at its own time. */
    @Test
    void replicasAreEqualWhateverIsLeftOfTheShard() throws IOException {
        try (TestStore store = TestStore.owning(directory, 2)) {
            fill(store);
            awaitCompacted();
            leave(store);
            long before = scrub(store);
            reclaimUntil(store, filesBytes() * 3 / 4);
            assertThat(scrub(store)).isEqualTo(before);
        }
    }

    /** A row that deletes so much makes RocksDB read it all, and for any reader write it again. */
    @Test
    void isMarkedAndNotDeletedWhileThereIsMuchOfIt() throws IOException {
        KeyRange shard = Keys.data(0, 0);
        try (TestStore store = TestStore.owning(directory, 2)) {
            fill(store);
            awaitCompacted();
            leave(store);
            store.store.flush();
            assertThat(markOf(shard)).isEqualTo(shard.to());
            reclaimUntil(store, filesBytes() * 3 / 4);
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (markOf(shard) != null) {
                assertThat(System.nanoTime()).as("in time").isLessThan(end);
                store.store.reclaim();
                store.store.flush();
            }
            assertThat(store.content()).noneMatch(row -> row.startsWith("020000"));
        }
    }

    private byte[] markOf(KeyRange range) {
        try (Rows durable = RocksRows.openReadOnly(directory.resolve("current"))) {
            return durable.get(Keys.dropMark(range));
        }
    }

    @Test
    void whatAnImportWritesAgainStays() throws IOException {
        try (TestStore store = TestStore.owning(directory, 2)) {
            store.apply(Commands.beginImport(5, 7));
            store.apply(Commands.chunk(5, 7, 0, List.of(Commands.row("damaged", "value", 1, 0))));
            store.apply(Commands.completeImport(5, 7, 1, 4711, store.record(0)));
            store.store.flush();
            Row row = Commands.row("key", "value", 1, 0);
            store.apply(Commands.chunk(5, 7, 0, List.of(row)));
            store.store.flush();
            store.store.reclaim();
            try (RowsView view = store.store.rowsView(5)) {
                assertThat(Row.unpack(view.exportChunk(5, 7, null, 1_000).rows()))
                        .containsExactly(row);
            }
        }
    }

    private static void fill(TestStore store) {
        Random random = new Random(1);
        for (int flush = 0; flush < FLUSHES; flush++) {
            for (int i = 0; i < VALUES_A_FLUSH; i++) {
                store.write(Commands.put("key" + random.nextInt(1_000_000), text(random)));
            }
            store.store.flush();
        }
    }

    /** Nothing can compress it much. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        random.ints(VALUE_CHARS, ' ', 127).forEach(text::appendCodePoint);
        return text.toString();
    }

    private static void leave(TestStore store) {
        assertThat(store.changes(Commands.freeze(0, 7))).isTrue();
        assertThat(store.changes(Commands.release(0, 7))).isTrue();
        assertThat(store.changes(Commands.purge(0, 0))).isTrue();
    }

    private static List<Orphan> orphans(TestStore store) {
        try (StoreView view = store.store.view()) {
            return view.orphans(10);
        }
    }

    private static long scrub(TestStore store) {
        ApplyResult.Scrubbing scrubbing = (ApplyResult.Scrubbing) store.apply(Commands.scrub(0));
        long end = System.nanoTime() + PATIENCE_NANOS;
        Optional<ScrubResult> result = store.store.scrub(scrubbing.index());
        while (result.isEmpty()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.onSpinWait();
            result = store.store.scrub(scrubbing.index());
        }
        return result.get().digest();
    }

    /** Level 0 is not touched: RocksDB compacts it by itself, since there are many files. */
    private void awaitCompacted() throws IOException {
        awaitCompacted(directory);
    }

    private static void awaitCompacted(Path store) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (files(store) >= FLUSHES) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private void reclaimUntil(TestStore store, long bytes) throws IOException {
        reclaimUntil(store, directory, bytes);
    }

    private static void reclaimUntil(TestStore store, Path directory, long bytes) throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (filesBytes(directory) > bytes) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            store.store.reclaim();
        }
    }

    private static long files(Path store) throws IOException {
        try (Stream<Path> files = sst(store)) {
            return files.count();
        }
    }

    /** RocksDB unlinks files meanwhile. */
    private long filesBytes() throws IOException {
        return filesBytes(directory);
    }

    private static long filesBytes(Path store) throws IOException {
        try (Stream<Path> files = sst(store)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static Stream<Path> sst(Path store) throws IOException {
        return Files.list(store.resolve("current"))
                .filter(file -> file.toString().endsWith(".sst"));
    }
}
