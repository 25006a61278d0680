package dev.quorate.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Entry;
import dev.quorate.store.proto.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows lag behind memory, but whatever ends up in files is the state at one index: of flushes and checkpoints at any time, and of crashes at any time. */
class WriteBackTest {
    private static final int ENTRIES = 3000;

    @TempDir
    Path directory;

    private final Seed seed = Seed.of(WriteBackTest.class);
    private final List<Entry> log = log(seed.value());
    private List<String> expected;

    private static List<Entry> log(long seed) {
        List<Entry> log = new ArrayList<>();
        for (Command command : History.random(seed, ENTRIES)) {
            log.add(new Entry(log.size() + 1, 1, Entry.Type.COMMAND, command.toByteArray()));
        }
        return log;
    }

    /** So little is gathered in memory that flushes are due often. */
    private static Store open(Path directory) {
        return Store.open(directory, new StoreOptions(1 << 20, 16 << 10, 2, 32, 16 << 20));
    }

    @BeforeEach
    void applySteadily() {
        try (TestStore steady = TestStore.open(directory.resolve("steady"), log)) {
            steady.replay();
            expected = steady.content();
        }
    }

    private static void applyInBatches(Store store, List<Entry> log, Random random) {
        int from = (int) store.applied().index();
        while (from < log.size()) {
            int to = Math.min(log.size(), from + 1 + random.nextInt(20));
            store.apply(log.subList(from, to));
            from = to;
        }
    }

    private void assertReplaysFrom(Path store) {
        try (TestStore recovered = TestStore.open(store, log)) {
            recovered.replay();
            assertThat(recovered.content()).as(seed.replay()).isEqualTo(expected);
        }
    }

    @Test
    void checkpointsWhileEntriesAreAppliedAreStates() throws Exception {
        List<Path> checkpoints = new ArrayList<>();
        try (Store store = open(directory.resolve("store"));
                ExecutorService applying = Executors.newSingleThreadExecutor()) {
            Future<?> applied = applying.submit(() -> applyInBatches(store, log, seed.random()));
            do {
                Path target = directory.resolve("checkpoint" + checkpoints.size());
                Checkpoint checkpoint = store.checkpoint(target);
                assertThat(store.flushedIndex())
                        .isGreaterThanOrEqualTo(checkpoint.meta().index());
                checkpoints.add(target);
                store.flush();
            } while (!applied.isDone());
            applied.get();
        }
        assertReplaysFrom(directory.resolve("store"));
        for (Path checkpoint : checkpoints) {
            Path store = Files.createDirectories(directory.resolve(checkpoint.getFileName() + "-opened"));
            Files.move(checkpoint, store.resolve("current"));
            assertReplaysFrom(store);
        }
    }

    @Test
    void viewsTakenWhileEntriesAreAppliedAreOfOneIndex() throws Exception {
        try (Store store = open(directory.resolve("store"));
                ExecutorService applying = Executors.newSingleThreadExecutor()) {
            store.apply(log.subList(0, 1));
            Future<?> applied = applying.submit(() -> applyInBatches(store, log, seed.random()));
            while (!applied.isDone()) {
                try (RowsView view = store.rowsView(0);
                        TestStore same = TestStore.open(new MemoryStorage(), log)) {
                    same.store.apply(log.subList(0, (int) view.appliedIndex()));
                    assertThat(view.shard(0)).as(seed.replay()).isEqualTo(same.store.shard(0));
                    long incarnation = view.shard(0).record().getIncarnation();
                    try (RowsView rows = same.store.rowsView(0)) {
                        assertThat(view.digest(0, incarnation))
                                .as(seed.replay())
                                .isEqualTo(rows.digest(0, incarnation));
                    }
                }
            }
            applied.get();
        }
    }

    @Test
    void afterACrashAtAnyTimeTheLogReplaysFromAState() throws Exception {
        Path store = directory.resolve("crashing");
        long reached = 0;
        for (int crash = 0; crash < 4; crash++) {
            crash(store, crash);
            try (Store recovered = open(store)) {
                long applied = recovered.applied().index();
                assertThat(applied).as(seed.replay()).isBetween(reached, (long) ENTRIES);
                reached = applied;
            }
        }
        assertThat(reached).as(seed.replay()).isPositive();
        assertReplaysFrom(store);
    }

    /** In a process of its own. */
    private void crash(Path store, int number) throws IOException, InterruptedException {
        DyingProcess.run(
                Crash.class,
                Crash.EXIT_CODE,
                Duration.ofSeconds(120),
                seed,
                store.toString(),
                Long.toString(seed.value()),
                Integer.toString(number));
    }

    /** A member that applies while another thread flushes, and dies on the way. */
    static final class Crash {
        /** Of SIGKILL: an orderly end would run RocksDB's exit handlers while its threads work. */
        static final int EXIT_CODE = 128 + 9;

        private Crash() {}

        public static void main(String[] args) throws IOException, InterruptedException {
            List<Entry> log = log(Long.parseLong(args[1]));
            Random random = new Random(Long.parseLong(args[1]) + Integer.parseInt(args[2]));
            Store store = open(Path.of(args[0]));
            int from = (int) store.applied().index();
            int to = from + random.nextInt(1 + (log.size() - from) / 2);
            Thread.ofPlatform().daemon().start(() -> {
                while (true) {
                    store.flush();
                }
            });
            applyInBatches(store, log.subList(0, to), random);
            String self = Long.toString(ProcessHandle.current().pid());
            new ProcessBuilder("kill", "-KILL", self).start().waitFor();
        }
    }
}
