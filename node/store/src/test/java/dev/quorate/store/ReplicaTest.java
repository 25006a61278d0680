package dev.quorate.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Entry;
import dev.quorate.store.proto.Command;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same entries make the same replica: in whatever batches, through whatever crashes. */
class ReplicaTest {
    private static final int ENTRIES = 1500;

    @TempDir
    Path directory;

    private final Seed seed = Seed.of(ReplicaTest.class);

    private List<Entry> log() {
        return log(seed.value());
    }

    private static List<Entry> log(long seed) {
        List<Entry> log = new ArrayList<>();
        for (Command command : History.random(seed, ENTRIES)) {
            log.add(new Entry(log.size() + 1, 1 + log.size() / 100, Entry.Type.COMMAND, command.toByteArray()));
            if (log.size() % 100 == 0) {
                log.add(new Entry(log.size() + 1, 1 + log.size() / 100, Entry.Type.EMPTY, new byte[0]));
            }
        }
        return log;
    }

    private static List<ApplyResult> applyInBatches(Store store, List<Entry> log, int sizeMax, Random random) {
        List<ApplyResult> results = new ArrayList<>();
        int from = (int) store.applied().index();
        while (from < log.size()) {
            int to = Math.min(log.size(), from + 1 + random.nextInt(sizeMax));
            results.addAll(store.apply(log.subList(from, to)));
            from = to;
        }
        return results;
    }

    @Test
    void batchesMakeNoDifference() {
        List<Entry> log = log();
        Random random = seed.random();
        List<String> content = null;
        List<String> results = null;
        for (int sizeMax : new int[] {1, 7, 100, ENTRIES}) {
            try (TestStore store = TestStore.open(directory.resolve("batches" + sizeMax), log)) {
                List<String> theseResults = applyInBatches(store.store, log, sizeMax, random).stream()
                        .map(ReplicaTest::text)
                        .toList();
                assertThat(theseResults).as(seed.replay()).hasSize(log.size());
                assertSeenEnough(theseResults);
                assertThat(store.content()).as(seed.replay()).isEqualTo(content == null ? store.content() : content);
                assertThat(theseResults).as(seed.replay()).isEqualTo(results == null ? theseResults : results);
                assertDeadlinesMatchData(store);
                content = store.content();
                results = theseResults;
            }
        }
    }

    /** Every kind of answer was compared. */
    private void assertSeenEnough(List<String> results) {
        for (String kind : List.of(
                "Written",
                "NotOwned",
                "Rejected",
                "Shard",
                "Map",
                "Nothing",
                "SessionOpened",
                "SessionExpired",
                "SessionsEvicted")) {
            long seen = results.stream().filter(text -> text.startsWith(kind)).count();
            assertThat(seen).as(kind + ", " + seed.replay()).isPositive();
        }
    }

    /** With the content of arrays, which records don't print. */
    private static String text(ApplyResult result) {
        if (!(result instanceof ApplyResult.Written(List<OperationResult> operations))) {
            return result.toString();
        }
        StringBuilder text = new StringBuilder("Written");
        for (OperationResult operation : operations) {
            text.append(operation.applied()).append(operation.number());
            for (Versioned versioned : new Versioned[] {operation.current(), operation.previous()}) {
                text.append(versioned == null ? " none" : " " + versioned.version() + " " + versioned.deadlineMillis());
                text.append(versioned == null || versioned.value() == null ? "" : new String(versioned.value()));
            }
        }
        return text.toString();
    }

    /** Each key with a deadline has one entry in the index, and the index has no others. */
    private void assertDeadlinesMatchData(TestStore store) {
        List<String> expected = new ArrayList<>();
        List<String> actual = new ArrayList<>();
        store.store.dump((key, value) -> {
            if (key[0] == 2 && new StoredValue(value).expires()) {
                StoredValue stored = new StoredValue(value);
                expected.add(HexFormat.of().formatHex(Keys.deadline(key, stored.deadlineMillis())) + stored.version());
            } else if (key[0] == 3) {
                actual.add(
                        HexFormat.of().formatHex(key) + ByteBuffer.wrap(value).getLong());
            }
        });
        assertThat(actual).as(seed.replay()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aCrashLosesWhatWasNotFlushedAndReplayBringsItBack() throws Exception {
        List<Entry> log = log();
        Random random = seed.random();
        Path crashing = directory.resolve("crashing");
        int flushed = 0;
        for (int crash = 1; crash <= 3; crash++) {
            flushed += random.nextInt(log.size() / 4);
            crash(crashing, flushed, flushed + random.nextInt(log.size() / 4));
            try (TestStore store = TestStore.open(crashing, log)) {
                assertThat(store.store.applied().index()).as(seed.replay()).isEqualTo(flushed);
                assertThat(store.store.flushedIndex()).as(seed.replay()).isEqualTo(flushed);
            }
        }
        try (TestStore steady = TestStore.open(directory.resolve("steady"), log);
                TestStore recovered = TestStore.open(crashing, log)) {
            steady.replay();
            recovered.replay();
            assertThat(recovered.content()).as(seed.replay()).isEqualTo(steady.content());
            assertThat(recovered.store.shards()).isEqualTo(steady.store.shards());
            assertThat(recovered.store.map()).isEqualTo(steady.store.map());
            assertThat(recovered.store.applied()).isEqualTo(steady.store.applied());
        }
    }

    /** In a process of its own. */
    private void crash(Path store, int flushAt, int crashAt) throws IOException, InterruptedException {
        DyingProcess.run(
                Crash.class,
                Crash.EXIT_CODE,
                Duration.ofSeconds(60),
                seed,
                store.toString(),
                Long.toString(seed.value()),
                Integer.toString(flushAt),
                Integer.toString(crashAt));
    }

    /** A member that dies: flushes at one index, is halted at another. */
    static final class Crash {
        static final int EXIT_CODE = 17;

        private Crash() {}

        public static void main(String[] args) {
            List<Entry> log = log(Long.parseLong(args[1]));
            int flushAt = Integer.parseInt(args[2]);
            Store store = Store.open(Path.of(args[0]), StoreOptions.defaults());
            int from = (int) store.applied().index();
            store.apply(log.subList(from, flushAt));
            store.flush();
            store.apply(log.subList(flushAt, Integer.parseInt(args[3])));
            boolean asExpected =
                    store.flushedIndex() == flushAt && store.applied().index() >= flushAt;
            Runtime.getRuntime().halt(asExpected ? EXIT_CODE : 1);
        }
    }
}
