package dev.quorate.mapreduce.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.mapreduce.example.Sum;
import dev.quorate.mapreduce.example.Words;
import dev.quorate.mapreduce.job.JobSpec.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose phases are commands: what they make, what they report, and what becomes of records that they fail on. */
class CommandJobTest {
    private static final int LINES = 3000;
    private static final String SPLIT = "awk '{ for (i = 1; i <= NF; i++) print $i \"\\t1\" }'";
    /** Adds up in a table, and writes it in no order. */
    private static final String SUM_IN_ANY_ORDER =
            "awk -F'\\t' '{ n[$1] += $2 } END { for (k in n) print k \"\\t\" n[k] }'";

    private static final String SUM =
            "awk -F'\\t' '$1 != k { if (NR > 1) print k \"\\t\" n; k = $1; n = 0 } { n += $2 } END { if (NR) print k \"\\t\" n }'";
    private static final String FAIL_ON_BAD = "awk '/bad/ { print \"can not\" > \"/dev/stderr\"; exit 3 } { print }'";

    @TempDir
    private Path directory;

    private Path file(List<String> lines) throws IOException {
        return Files.write(directory.resolve("in.txt"), lines);
    }

    private static List<String> words() {
        Random random = new Random(8);
        return Stream.generate(() -> "w" + random.nextInt(40) + " w" + random.nextInt(900))
                .limit(LINES)
                .toList();
    }

    private static List<String> counts(List<String> lines) {
        return lines.stream()
                .flatMap(line -> Stream.of(line.split(" ")))
                .collect(Collectors.groupingBy(word -> word, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .map(count -> count.getKey() + "\t" + count.getValue())
                .toList();
    }

    @Test
    void commandsCountWordsAndReportCounters() throws Exception {
        JobDescription job = new JobDescription(directory)
                .commands(SPLIT + "; echo 'reporter:counter:mine,tasks,1' >&2; echo 'reporter:status:done' >&2", SUM)
                .input(file(words()));
        job.reducers = 2;

        Map<String, ? extends Map<String, Long>> counters = job.run();

        assertThat(job.parts()).containsExactlyInAnyOrderElementsOf(counts(words()));
        assertThat(counters.get("mine").get("tasks"))
                .isEqualTo((Files.size(directory.resolve("in.txt")) + 19_999) / 20_000);
    }

    @Test
    void aCommandCombines() throws Exception {
        JobDescription job = new JobDescription(directory).commands(SPLIT, SUM).input(file(words()));
        job.combine = Optional.of(new Function.Command(SUM_IN_ANY_ORDER));
        job.reducers = 3;
        job.sortBufferBytes = 8192;

        Map<String, ? extends Map<String, Long>> counters = job.run();

        assertThat(job.parts()).containsExactlyInAnyOrderElementsOf(counts(words()));
        assertThat(counters.get("job")).containsEntry("map output records", 2L * LINES);
        assertThat(counters.get("job").get("combine output records"))
                .isEqualTo(counters.get("job").get("reduce input records"))
                .isLessThan(LINES);
    }

    @Test
    void aCombineCommandGivesWhatTheMapperMakes() throws Exception {
        JobDescription job =
                new JobDescription(directory).map(Words.class).reduce(Sum.class).input(file(List.of("a")));
        job.combine = Optional.of(new Function.Command("cat"));
        job.fails("combine command 'cat' makes (Text, Text), but the mapper makes (Text, Long)");
    }

    @Test
    void aCombineCommandThatFailsIsQuoted() throws Exception {
        JobDescription job =
                new JobDescription(directory).commands("cat", "cat").input(file(List.of("a")));
        job.combine = Optional.of(new Function.Command("cat >/dev/null; echo odd >&2; exit 7"));
        job.fails("map-00000", "the combiner failed", "ended with status 7", "odd");
    }

    @Test
    void aCommandThatFailsIsQuoted() throws Exception {
        new JobDescription(directory)
                .commands("cat >/dev/null; echo something odd >&2; exit 3", "cat")
                .input(file(List.of("a")))
                .fails("map-00000 failed on ", "in.txt [0, 2)", "ended with status 3", "something odd");
    }

    @Test
    void aCommandMaySayMoreThanMemoryHolds() throws Exception {
        new JobDescription(directory)
                .commands("cat >/dev/null; head -c 400000000 /dev/zero | tr '\\0' x >&2; exit 3", "cat")
                .input(file(List.of("a")))
                .fails("map-00000 failed on ", "ended with status 3; it said: xxx");
    }

    private static final String COUNT_EACH = "awk '{ print \"reporter:counter:words,\" $1 \",1\" > \"/dev/stderr\" }'";

    @Test
    void tasksMayHaveMoreCountersTogetherThanOneMay() throws Exception {
        List<String> words =
                Stream.iterate(0, i -> i + 1).limit(1500).map(i -> "word" + i).toList();
        JobDescription job =
                new JobDescription(directory).commands(COUNT_EACH, "cat").input(file(words));
        job.splitBytes = 4000;
        Map<String, ? extends Map<String, Long>> counters = job.run();
        long named = counters.get("words").values().stream().mapToLong(n -> n).sum();
        assertThat(counters.get("words")).hasSizeLessThanOrEqualTo(1000);
        assertThat(named + counters.get("job").get("counters beyond 1000")).isGreaterThanOrEqualTo(1500);
    }

    @Test
    void aTaskThatNamesCountersByItsDataFails() throws Exception {
        JobDescription job = new JobDescription(directory)
                .commands(COUNT_EACH, "cat")
                .input(file(Stream.iterate(0, i -> i + 1)
                        .limit(1500)
                        .map(i -> "word" + i)
                        .toList()));
        job.splitBytes = 1 << 20;
        job.fails("map-00000", "more than 1000 counters");
        job.input(file(List.of("x".repeat(200)))).fails("map-00000", "at most 128 characters");
    }

    @Test
    void aMissingCommandIsFoundBeforeAnythingRuns() throws Exception {
        new JobDescription(directory)
                .commands("no-such-program -x", "cat")
                .input(file(List.of("a")))
                .fails("no command no-such-program");
    }

    private static List<String> withTwoBad() {
        return Stream.iterate(0, i -> i + 1)
                .limit(LINES)
                .map(i -> (i == 1234 || i == 2345 ? "bad" : "good") + i)
                .toList();
    }

    @Test
    void theRecordThatACommandFailsOnIsNamed() throws Exception {
        JobDescription job =
                new JobDescription(directory).commands(FAIL_ON_BAD, "cat").input(file(withTwoBad()));
        job.splitBytes = 1 << 20;
        job.fails("map-00000 failed on record 1234 of", "\"bad1234\"", "ended with status 3", "can not");
    }

    @Test
    void recordsThatACommandFailsOnAreLeftOut() throws Exception {
        JobDescription job =
                new JobDescription(directory).commands(FAIL_ON_BAD, "cat").input(file(withTwoBad()));
        job.splitBytes = 1 << 20;
        job.skip = 2;

        Map<String, ? extends Map<String, Long>> counters = job.run();

        assertThat(job.parts())
                .containsExactlyElementsOf(withTwoBad().stream()
                        .filter(line -> line.startsWith("good"))
                        .sorted()
                        .toList());
        assertThat(counters.get("job")).containsEntry("skipped records", 2L);
        assertThat(Files.readAllLines(job.output().resolve("_skipped/map-00000")))
                .extracting(line -> line.split("\t")[2])
                .containsExactly("bad1234", "bad2345");
    }

    @Test
    void keysThatACommandFailsOnAreLeftOut() throws Exception {
        JobDescription job =
                new JobDescription(directory).commands("cat", FAIL_ON_BAD).input(file(withTwoBad()));
        job.skip = 1;
        job.fails("more than 1 bad records", "reduce-00000 failed on record 1 of partition 0, \"bad2345\"");
        job.skip = 2;

        job.run();

        assertThat(job.parts()).hasSize(LINES - 2).noneMatch(line -> line.startsWith("bad"));
        assertThat(Files.readAllLines(job.output().resolve("_skipped/reduce-00000")))
                .containsExactly("0\tbad1234", "1\tbad2345");
    }

    /** Killed as a process is that takes too much memory. */
    @Test
    void aRecordThatKillsACommandIsNamed() throws Exception {
        new JobDescription(directory)
                .commands("while read -r line; do case $line in bad*) kill -9 $$;; esac; echo \"$line\"; done", "cat")
                .input(file(List.of("a", "bad", "c")))
                .fails("map-00000 failed on record 1 of", "\"bad\"", "ended with status 137");
    }
}
