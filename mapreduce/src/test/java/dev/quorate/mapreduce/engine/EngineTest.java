package dev.quorate.mapreduce.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random pairs through buffers, spills and merges, against a sorted map. Values are numbers in text, so that sums of them can be combined. */
class EngineTest {
    private static final int PARTITIONS = 5;
    private static final PairCombiner SUM = (key, start, end, values, out) -> {
        long sum = 0;
        while (values.hasNext()) {
            values.take();
            sum += Long.parseLong(text(values.array(), values.start(), values.end()));
        }
        byte[] bytes = Long.toString(sum).getBytes(UTF_8);
        out.value(bytes, 0, bytes.length);
    };

    @TempDir
    private Path directory;

    private static String text(byte[] bytes, int start, int end) {
        return new String(bytes, start, end - start, UTF_8);
    }

    private static void add(MapBuffer buffer, String key, String value) throws IOException {
        byte[] pair = (key + value).getBytes(UTF_8);
        int keyLength = key.getBytes(UTF_8).length;
        long hash = Keys.hash(pair, 0, keyLength);
        buffer.add(Keys.partition(hash, PARTITIONS), hash, pair, keyLength, pair.length);
    }

    private static int partition(String key) {
        byte[] bytes = key.getBytes(UTF_8);
        return Keys.partition(Keys.hash(bytes, 0, bytes.length), PARTITIONS);
    }

    /** The sum of the values of each key of a partition; keys must come in order, once each. */
    private static List<String> sums(Pairs pairs) throws IOException {
        List<String> sums = new ArrayList<>();
        try (pairs) {
            Groups groups = new Groups(pairs);
            while (groups.nextKey()) {
                long sum = 0;
                while (groups.hasNext()) {
                    groups.take();
                    sum += Long.parseLong(text(groups.array(), groups.start(), groups.end()));
                }
                sums.add(text(groups.key(), 0, groups.keyLength()) + "=" + sum);
            }
        }
        return sums;
    }

    private void checkAgainstReference(MapBuffer buffer, Optional<PairCombiner> combiner, int count, int keyRange)
            throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<TreeMap<String, Long>> expected =
                Stream.generate(TreeMap<String, Long>::new).limit(PARTITIONS).toList();
        buffer.begin(new Spills(directory, PARTITIONS, combiner, 3));
        for (int i = 0; i < count; i++) {
            int n = random.nextInt(keyRange);
            String key = "shared prefix ".substring(0, n % 14) + (n % 3 == 0 ? "" : Integer.toString(n));
            int value = random.nextInt(1000);
            add(buffer, key, Integer.toString(value));
            expected.get(partition(key)).merge(key, (long) value, Long::sum);
        }
        RunFile run = buffer.finish();
        for (int p = 0; p < PARTITIONS; p++) {
            List<String> wanted = expected.get(p).entrySet().stream()
                    .map(e -> e.getKey() + "=" + e.getValue())
                    .toList();
            assertThat(sums(run.open(p))).as("seed " + seed).isEqualTo(wanted);
        }
    }

    @Test
    void sortsWithinMemory() throws IOException {
        checkAgainstReference(new SortBuffer(4 << 20), Optional.empty(), 20_000, 5000);
    }

    @Test
    void sortsBySpillingAndMergingInPasses() throws IOException {
        checkAgainstReference(new SortBuffer(32 << 10), Optional.empty(), 20_000, 5000);
    }

    @Test
    void sortsManyEqualKeys() throws IOException {
        checkAgainstReference(new SortBuffer(4 << 20), Optional.empty(), 50_000, 3);
    }

    @Test
    void combinesWithinMemory() throws IOException {
        checkAgainstReference(new CombiningTable(16 << 20), Optional.of(SUM), 200_000, 500);
    }

    @Test
    void combinesBySpillingWhenThereAreManyKeys() throws IOException {
        checkAgainstReference(new CombiningTable(1 << 20), Optional.of(SUM), 200_000, 100_000);
    }

    @Test
    void aBufferServesOneTaskAfterAnother() throws IOException {
        MapBuffer table = new CombiningTable(2 << 20);
        MapBuffer buffer = new SortBuffer(64 << 10);
        for (int i = 0; i < 3; i++) {
            checkAgainstReference(table, Optional.of(SUM), 50_000, 10_000);
            checkAgainstReference(buffer, Optional.empty(), 5000, 1000);
        }
    }

    @Test
    void aTaskWithoutPairsLeavesAnEmptyRun() throws IOException {
        checkAgainstReference(new SortBuffer(1 << 20), Optional.empty(), 0, 1);
        checkAgainstReference(new CombiningTable(1 << 20), Optional.of(SUM), 0, 1);
    }

    @Test
    void pairsLargerThanABlockPass() throws IOException {
        SortBuffer buffer = new SortBuffer(1 << 20);
        buffer.begin(new Spills(directory, PARTITIONS, Optional.empty(), 3));
        String key = "k".repeat(200_000);
        for (int i = 0; i < 8; i++) {
            add(buffer, key, "1");
        }
        assertThat(sums(buffer.finish().open(partition(key)))).containsExactly(key + "=8");
    }

    @Test
    void aPairLargerThanTheBufferIsRefused() {
        String value = "1".repeat(2 << 20);
        SortBuffer buffer = new SortBuffer(1 << 20);
        buffer.begin(new Spills(directory, PARTITIONS, Optional.empty(), 3));
        assertThatThrownBy(() -> add(buffer, "k", value)).isInstanceOf(PairTooLargeException.class);
        CombiningTable table = new CombiningTable(1 << 20);
        table.begin(new Spills(directory, PARTITIONS, Optional.of(SUM), 3));
        assertThatThrownBy(() -> add(table, "k", value)).isInstanceOf(PairTooLargeException.class);
        assertThatThrownBy(() -> add(table, value, "1")).isInstanceOf(PairTooLargeException.class);
    }

    @Test
    void manyRunsAreMergedInPasses() throws IOException {
        List<MergePasses.Source> sources = new ArrayList<>();
        TreeMap<String, Long> expected = new TreeMap<>();
        for (int i = 0; i < 100; i++) {
            try (RunWriter writer = new RunWriter(directory.resolve("in-" + i), 1)) {
                for (int j = 0; j <= i; j++) {
                    byte[] key = "%05d".formatted(j * 100 + i % 7).getBytes(UTF_8);
                    byte[] one = {'1'};
                    writer.add(0, key, 0, key.length, one, 0, 1);
                    expected.merge(new String(key, UTF_8), 1L, Long::sum);
                }
                sources.add(MergePasses.Source.of(writer.finish(), 0));
            }
        }
        List<String> wanted = expected.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .toList();
        for (int fanIn : List.of(2, 3, 10, 99, 100, 101)) {
            Path passes = Files.createDirectory(directory.resolve("passes-" + fanIn));
            assertThat(sums(new MergePasses(passes, fanIn, Optional.of(SUM)).open(sources)))
                    .isEqualTo(wanted);
        }
    }

    @Test
    void damageIsFound() throws IOException {
        SortBuffer buffer = new SortBuffer(1 << 20);
        buffer.begin(new Spills(directory, 1, Optional.empty(), 3));
        byte[] pair = "key1".getBytes(UTF_8);
        buffer.add(0, 0, pair, 3, 4);
        RunFile run = buffer.finish();
        byte[] bytes = Files.readAllBytes(run.path());
        bytes[Blocks.HEADER_BYTES + 2] ^= 1;
        Files.write(run.path(), bytes);
        assertThatThrownBy(() -> sums(run.open(0)))
                .hasMessageContaining("damaged")
                .hasMessageContaining("partition 0");
        Files.write(run.path(), new byte[] {0, 0});
        assertThatThrownBy(() -> sums(run.open(0))).hasMessageContaining("cut short");
    }
}
