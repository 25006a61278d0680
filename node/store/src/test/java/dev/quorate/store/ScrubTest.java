package dev.quorate.store;

import static dev.quorate.store.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.quorate.raft.Entry;
import dev.quorate.store.proto.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digests at an agreed index: the same on replicas that are the same, whatever they apply meanwhile, and on no others. */
class ScrubTest {
    private static final int HISTORIES = 5;

    @TempDir
    Path directory;

    private final Seed seed = Seed.of(ScrubTest.class);

    private static ScrubResult scrub(TestStore store, int shard) {
        ApplyResult result = store.apply(Commands.scrub(shard));
        assertThat(result).isInstanceOf(ApplyResult.Scrubbing.class);
        return await(store.store, ((ApplyResult.Scrubbing) result).index());
    }

    private static ScrubResult await(Store store, long index) {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (store.scrub(index).isEmpty() && System.nanoTime() < deadlineNanos) {
            LockSupport.parkNanos(1_000_000);
        }
        return store.scrub(index).orElseThrow();
    }

    @Test
    void replicasOfOneLogAgreeInRocksDbAndInMemory() {
        Random random = seed.random();
        Set<Long> digests = new HashSet<>();
        for (int history = 0; history < HISTORIES; history++) {
            List<Entry> log = log(History.random(random.nextLong(), 600));
            Map<Long, ScrubResult> expected = scrubsInMemory(log);
            expected.values().forEach(result -> digests.add(result.digest()));
            try (TestStore rocks = TestStore.open(directory.resolve("h" + history), log)) {
                agree(rocks, log, expected, random);
            }
        }
        // A history may soon have no shard left that is not empty; all of them together have not.
        assertThat(digests).as(seed.replay()).hasSizeGreaterThan(HISTORIES);
    }

    private static List<Entry> log(List<Command> commands) {
        List<Entry> log = new ArrayList<>();
        for (Command command : commands) {
            log.add(new Entry(log.size() + 1, 1, Entry.Type.COMMAND, command.toByteArray()));
        }
        return log;
    }

    private static Map<Long, ScrubResult> scrubsInMemory(List<Entry> log) {
        Map<Long, ScrubResult> results = new HashMap<>();
        try (TestStore memory = TestStore.open(new MemoryStorage(), log)) {
            memory.replay();
            for (Entry entry : log) {
                memory.store.scrub(entry.index()).ifPresent(result -> results.put(entry.index(), result));
            }
        }
        return results;
    }

    private void agree(TestStore rocks, List<Entry> log, Map<Long, ScrubResult> expected, Random random) {
        int from = 0;
        while (from < log.size()) {
            // A batch ends with its first scrub, so that none is dropped for others under way.
            int size = 1 + random.nextInt(20);
            int to = from;
            do {
                to++;
            } while (to < log.size() && to < from + size && !isScrub(log.get(to - 1)));
            List<ApplyResult> results = rocks.store.apply(log.subList(from, to));
            if (results.getLast() instanceof ApplyResult.Scrubbing(int shard, long index)) {
                assertThat(await(rocks.store, index)).as(seed.replay()).isEqualTo(expected.get(index));
            }
            from = to;
        }
    }

    private static boolean isScrub(Entry entry) {
        try {
            return Command.parseFrom(entry.data()).hasScrub();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theDigestIsOfTheIndexAndNotOfWhatCameLater() {
        try (TestStore a = TestStore.owning(directory.resolve("a"), 1);
                TestStore b = TestStore.owning(directory.resolve("b"), 1)) {
            a.write(put("k", "v"));
            b.write(put("k", "v"));
            a.applyAll(Commands.scrub(0), Commands.write(0, 0, put("k", "later")));
            assertThat(await(a.store, 3).digest()).isEqualTo(scrub(b, 0).digest());
            assertThat(scrub(a, 0).digest()).isNotEqualTo(await(b.store, 3).digest());
        }
    }

    @Test
    void aShardOfManyPartsIsReadAsAWhole() {
        try (TestStore large = TestStore.owning(directory, 1)) {
            String value = "x".repeat(200_000);
            for (int i = 0; i < 20; i++) {
                large.write(put("k" + i, Commands.value(value).setDeadlineMillis(1_000_000 + i)));
            }
            ScrubResult whole = scrub(large, 0);
            assertThat(whole.sizeBytes()).isGreaterThan(20 * 200_000L);
            large.write(put("k19", "y"));
            assertThat(scrub(large, 0).digest()).isNotEqualTo(whole.digest());
        }
    }

    @Test
    void oneChangedByteShows() {
        MemoryStorage good = new MemoryStorage();
        List<Entry> log = new ArrayList<>();
        try (TestStore store = TestStore.open(good, log)) {
            store.apply(Commands.createMap(1));
            store.write(put("k", "value"));
            MemoryStorage.Image image = store.store.image();
            long digest = scrub(store, 0).digest();
            for (byte[] key : image.rows().keySet()) {
                if (key[0] == 2) {
                    assertThat(digestAfterFlip(image, key, log)).isNotEqualTo(digest);
                }
            }
        }
    }

    private static long digestAfterFlip(MemoryStorage.Image image, byte[] key, List<Entry> log) {
        TreeMap<byte[], byte[]> damaged = new TreeMap<>(image.rows());
        byte[] value = damaged.get(key).clone();
        value[value.length - 1] ^= 1;
        damaged.put(key, value);
        MemoryStorage storage = new MemoryStorage();
        storage.stage(new MemoryStorage.Image(image.meta(), damaged));
        try (TestStore store = TestStore.open(storage, log)) {
            store.replay();
            return store.store.scrub(log.size()).orElseThrow().digest();
        }
    }

    @Test
    void whatIsTooMuchAtOnceIsDroppedAndAskedForAgain() {
        try (TestStore store = TestStore.owning(directory, 1)) {
            Command[] many = new Command[50];
            Arrays.fill(many, Commands.scrub(0));
            store.applyAll(many);
            assertThat(scrubWhenQuiet(store)).isNotNull();
        }
    }

    private static ScrubResult scrubWhenQuiet(TestStore store) {
        while (true) {
            long index = ((ApplyResult.Scrubbing) store.apply(Commands.scrub(0))).index();
            LockSupport.parkNanos(10_000_000);
            if (store.store.scrub(index).isPresent()) {
                return store.store.scrub(index).get();
            }
        }
    }
}
