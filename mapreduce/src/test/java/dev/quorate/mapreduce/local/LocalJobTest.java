package dev.quorate.mapreduce.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.InputFormat;
import dev.quorate.mapreduce.Mapper;
import dev.quorate.mapreduce.Partitioner;
import dev.quorate.mapreduce.RecordReader;
import dev.quorate.mapreduce.Reducer;
import dev.quorate.mapreduce.Split;
import dev.quorate.mapreduce.TaskContext;
import dev.quorate.mapreduce.Text;
import dev.quorate.mapreduce.example.JoinTexts;
import dev.quorate.mapreduce.example.Sum;
import dev.quorate.mapreduce.example.WordPlaces;
import dev.quorate.mapreduce.example.Words;
import dev.quorate.mapreduce.job.Job;
import dev.quorate.mapreduce.job.JobException;
import dev.quorate.mapreduce.job.JobSpec.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs, compared with what a sequential program makes of the same input; and what is said of jobs that can't be or fail. */
class LocalJobTest {
    private static final int VALUES = 10_000_000;

    @TempDir
    private Path directory;

    private Path output;

    @BeforeEach
    void prepare() {
        output = directory.resolve("out");
    }

    private Path file(String name, List<String> lines) throws IOException {
        return Files.write(directory.resolve(name), lines);
    }

    /** Lines of words of which some are frequent. */
    private static List<String> lines(Random random, int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder line = new StringBuilder();
            for (int words = random.nextInt(12); words > 0; words--) {
                line.append('w')
                        .append((int) Math.abs(random.nextGaussian() * random.nextInt(2000)))
                        .append(words % 3 == 0 ? "  " : " ");
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private static List<String> counts(List<String> lines) {
        TreeMap<String, Long> counts = new TreeMap<>();
        for (String line : lines) {
            for (String word : line.split(" +")) {
                if (!word.isEmpty()) {
                    counts.merge(word, 1L, Long::sum);
                }
            }
        }
        return counts.entrySet().stream()
                .map(e -> e.getKey() + "\t" + e.getValue())
                .toList();
    }

    private List<String> part(int number) throws IOException {
        return Files.readAllLines(output.resolve("part-%05d".formatted(number)));
    }

    @Test
    void countsWords() throws Exception {
        long seed = System.nanoTime();
        List<String> lines = lines(new Random(seed), 10_000);
        JobDescription job = new JobDescription(directory)
                .map(Words.class)
                .combine(Sum.class)
                .reduce(Sum.class)
                .input(file("a.txt", lines.subList(0, 3000)), file("b.txt", lines.subList(3000, 10_000)));
        job.reducers = 4;

        Map<String, ? extends Map<String, Long>> counters = job.run();

        assertThat(job.parts()).as("seed " + seed).containsExactlyInAnyOrderElementsOf(counts(lines));
        long words = lines.stream()
                .flatMap(line -> Stream.of(line.trim().split(" +")))
                .filter(w -> !w.isEmpty())
                .count();
        assertThat(counters.get("job"))
                .containsEntry("map input records", 10_000L)
                .containsEntry("map output records", words);
    }

    /** Without a combiner, in little memory: spills in the maps, and several passes in the reduces. */
    @Test
    void countsWordsInLittleMemory() throws Exception {
        List<String> lines = lines(new Random(7), 20_000);
        JobDescription job =
                new JobDescription(directory).map(Words.class).reduce(Sum.class).input(file("a.txt", lines));
        job.reducers = 3;
        job.splitBytes = 4000;
        job.sortBufferBytes = 4096;

        job.run();

        assertThat(job.parts()).containsExactlyInAnyOrderElementsOf(counts(lines));
    }

    @Test
    void sortsInTotalOrder() throws Exception {
        Random random = new Random(9);
        byte[] records = new byte[20 * 20_000];
        for (int i = 0; i < records.length; i++) {
            records[i] = (byte) (i % 20 < 8 ? 'a' + random.nextInt(20) : '0' + i % 10);
        }
        JobDescription job = new JobDescription(directory).input(Files.write(directory.resolve("in"), records));
        job.inputFormat = "fixed:8,12";
        job.outputFormat = "fixed";
        job.partition = "range";
        job.reducers = 4;

        job.run();

        List<String> expected = new ArrayList<>();
        for (int i = 0; i < records.length; i += 20) {
            expected.add(new String(records, i, 20, UTF_8));
        }
        Collections.sort(expected);
        StringBuilder sorted = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            byte[] part = Files.readAllBytes(output.resolve("part-0000" + i));
            assertThat(part.length).as("balance").isBetween(records.length / 6, records.length / 3);
            sorted.append(new String(part, UTF_8));
        }
        assertThat(sorted.toString()).isEqualTo(String.join("", expected));
    }

    @Test
    void makesAnInvertedIndex() throws Exception {
        JobDescription job = new JobDescription(directory)
                .map(WordPlaces.class)
                .reduce(JoinTexts.class)
                .input(file("docs", List.of("d1\tb a", "d2\ta c a")));
        job.inputFormat = "pairs";
        job.run();
        assertThat(part(0)).containsExactly("a\td1,d2", "b\td1", "c\td2");
    }

    static final class EvenAndOdd implements Partitioner<Text> {
        @Override
        public int partition(Text key, int partitions) {
            return key.byteAt(0) % 2;
        }
    }

    @Test
    void aPartitionerOfTheUsersOwn() throws Exception {
        JobDescription job = new JobDescription(directory).input(file("in", List.of("1\ta", "2\tb", "3\tc")));
        job.inputFormat = "pairs";
        job.partition = EvenAndOdd.class.getName();
        job.reducers = 2;
        job.run();
        assertThat(part(0)).containsExactly("2\tb");
        assertThat(part(1)).containsExactly("1\ta", "3\tc");
    }

    /** Throws on two words. */
    static final class Picky implements Mapper<Long, String, String, Long> {
        @Override
        public void map(Long key, String line, Emitter<String, Long> out) throws IOException {
            if (line.startsWith("bad")) {
                throw new IllegalArgumentException("I don't like " + line);
            }
            out.emit(line, 1L);
        }
    }

    @Test
    void badRecordsAreSkippedKeptAsideAndCounted() throws Exception {
        JobDescription job = new JobDescription(directory)
                .map(Picky.class)
                .reduce(Sum.class)
                .input(file("in", List.of("a", "bad1", "b", "bad2", "a")));
        job.skip = 2;

        Map<String, ? extends Map<String, Long>> counters = job.run();

        assertThat(job.parts()).containsExactly("a\t2", "b\t1");
        assertThat(counters.get("job")).containsEntry("skipped records", 2L).containsEntry("map input records", 3L);
        assertThat(Files.readAllLines(output.resolve("_skipped/map-00000")))
                .containsExactly("1\t2\tbad1", "3\t9\tbad2");
    }

    @Test
    void moreBadRecordsThanAllowedFailTheJob() throws Exception {
        JobDescription job = new JobDescription(directory)
                .map(Picky.class)
                .input(file("in", List.of("a", "bad1", "b", "bad2", "a")));
        job.skip = 1;
        job.fails("more than 1 bad records", "record 3", "bad2");
    }

    @Test
    void aMapperThatThrowsIsNamedWithItsRecord() throws Exception {
        JobDescription job = new JobDescription(directory)
                .map(Picky.class)
                .input(file("in", List.of("a", "bad" + "x".repeat(1000))));
        job.fails(
                "map-00000 failed on record 1 of",
                "\"badxxx",
                "\" ...",
                "IllegalArgumentException: I don't like",
                "Picky.map(LocalJobTest.java");
    }

    /** Keeps what it should not. */
    static final class Hoarder implements Reducer<Text, Text, Text, Text> {
        @Override
        public void reduce(Text key, Iterator<Text> values, Emitter<Text, Text> out) {
            throw new OutOfMemoryError("Java heap space");
        }
    }

    @Test
    void aReducerWithoutMemoryIsNamedWithItsKey() throws Exception {
        JobDescription job = new JobDescription(directory).reduce(Hoarder.class).input(file("in", List.of("k\tv")));
        job.inputFormat = "pairs";
        job.fails("reduce-00000 failed on record 0 of partition 0", "\"k\"", "out of memory", "MiB");
    }

    @Test
    void brokenJsonIsShown() throws Exception {
        JobDescription job = new JobDescription(directory).input(file("in", List.of("{}", "{\"a\": nonsense}")));
        job.inputFormat = "json";
        job.fails("map-00000 failed on record 1", "nonsense", "no JSON");
    }

    @Test
    void whatCantBeRunIsSaidBeforeAnythingRuns() throws Exception {
        Path in = file("in", List.of("a"));
        JobDescription unknown = new JobDescription(directory).input(in);
        unknown.map = Optional.of(new Function.JavaClass("demo.None"));
        unknown.fails("no class demo.None (the mapper)", "--jar");
        unknown.jars = List.of(directory.resolve("none.jar"));
        unknown.fails("no jar");
        new JobDescription(directory).map(Sum.class).input(in).fails("can't be the mapper");
        new JobDescription(directory)
                .map(Words.class)
                .reduce(JoinTexts.class)
                .input(in)
                .fails("takes (Text, Text), but the mapper makes (Text, Long)");
        new JobDescription(directory)
                .map(WordPlaces.class)
                .input(in)
                .fails("takes (Text, Text), but input format text gives (Long, Text)");
        new JobDescription(directory)
                .map(Words.class)
                .combine(JoinTexts.class)
                .input(in)
                .fails("a combiner gives what it takes");
        new JobDescription(directory)
                .map(Words.class)
                .input(directory.resolve("absent"))
                .fails("absent does not exist");
        JobDescription none = new JobDescription(directory).input(in);
        none.reducers = 0;
        none.fails("1 to 10000 reducers");
    }

    /** Emits nothing that can be written down. */
    static final class Nothing implements Mapper<Long, Text, Text, Long> {
        @Override
        public void map(Long key, Text line, Emitter<Text, Long> out) throws IOException {
            out.emit(null, 1L);
        }
    }

    /** Can't be cut. */
    static final class Uncuttable implements InputFormat<Long, Text> {
        @Override
        public List<Split> splits(String input, long splitBytes) {
            throw new IllegalStateException("no knife");
        }

        @Override
        public RecordReader<Long, Text> open(Split split) {
            throw new AssertionError("there is none");
        }
    }

    @Test
    void mistakesOfUserCodeAreSentences() throws Exception {
        Path in = file("in", List.of("a"));
        new JobDescription(directory)
                .map(Nothing.class)
                .input(in)
                .fails("map-00000 failed on record 0", "a mapper must not emit null, as key");
        JobDescription uncuttable = new JobDescription(directory).input(in);
        uncuttable.inputFormat = Uncuttable.class.getName();
        uncuttable.fails("Uncuttable failed on input " + in, "no knife");
    }

    /** Fails on one line, and never comes back from another. */
    static final class Stuck implements Mapper<Long, Text, Text, Long> {
        @Override
        public void map(Long key, Text line, Emitter<Text, Long> out) {
            if (line.toString().equals("fail")) {
                throw new IllegalStateException("as told");
            }
            while (!released) {
                Thread.onSpinWait();
            }
        }
    }

    private static volatile boolean released;

    @Test
    void aJobThatFailsDoesNotWaitForCodeThatNeverEnds() throws Exception {
        JobDescription job = new JobDescription(directory)
                .map(Stuck.class)
                .input(file("stuck", List.of("spin")), file("failing", List.of("fail")));
        try {
            job.fails("failing", "as told");
        } finally {
            released = true;
        }
    }

    @Test
    void placesThatCantBeAreSentences() throws Exception {
        Path in = file("in", List.of("a"));
        JobDescription job = new JobDescription(in).map(Words.class).input(in);
        assertThatThrownBy(() -> LocalJob.plan(Job.open(job.spec()), 1, directory))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith("output " + in.resolve("out") + " can't be made: ")
                .hasMessageNotContaining("Exception");
        JobDescription other = new JobDescription(directory).map(Words.class).input(in);
        Path absent = directory.resolve("absent");
        assertThatThrownBy(() -> LocalJob.plan(Job.open(other.spec()), 1, absent))
                .hasMessage("no directory for spilled data can be made in " + absent + ": it is no directory.");
        assertThat(output).doesNotExist();
    }

    @Test
    void outputIsNeverWrittenOver() throws Exception {
        Path in = file("in", List.of("a"));
        Files.createDirectory(output);
        Path kept = Files.writeString(output.resolve("kept"), "x");
        assertThatThrownBy(new JobDescription(directory).map(Words.class).input(in)::run)
                .isInstanceOf(JobException.class)
                .hasMessageContaining("exists");
        assertThat(kept).hasContent("x");
    }

    /** Counts the values of a key without keeping any. */
    static final class Count implements Reducer<Text, Text, Text, Long> {
        private boolean opened;

        @Override
        public void open(TaskContext context) {
            opened = true;
        }

        @Override
        public void reduce(Text key, Iterator<Text> values, Emitter<Text, Long> out) throws IOException {
            long count = 0;
            while (values.hasNext()) {
                values.next();
                count++;
            }
            out.emit(key, opened ? count : -1);
        }
    }

    @Test
    void aKeyWithManyValuesStreams() throws Exception {
        byte[] records = new byte[2 * VALUES];
        Arrays.fill(records, (byte) 'k');
        JobDescription job =
                new JobDescription(directory).reduce(Count.class).input(Files.write(directory.resolve("in"), records));
        job.inputFormat = "fixed:1,1";
        job.splitBytes = 4_000_000;
        job.sortBufferBytes = 1 << 20;
        job.run();
        assertThat(part(0)).containsExactly("k\t" + VALUES);
    }
}
