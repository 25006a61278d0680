package dev.quorate.mapreduce.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.mapreduce.example.Sum;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.JobSpec.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** A count of the words of a file: the job, and what a sequential program makes of the same lines. */
final class WordCount {
    private static final int MAPS = 8;
    private static final int SORT_BUFFER_BYTES = 2 << 20;

    private final Path input;
    private final Map<String, Long> expected = new TreeMap<>();

    /**
     * @param lines that are written to the input
     */
    WordCount(Path input, List<String> lines) throws IOException {
        this.input = Files.write(input, lines);
        for (String line : lines) {
            for (String word : line.split(" ")) {
                expected.merge(word, 1L, Long::sum);
            }
        }
    }

    /** Lines of two words each: one of some that are frequent, one of many that are not. */
    static List<String> randomLines(Random random, int count, String label) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(label + random.nextInt(50) + " " + label + random.nextInt(3000));
        }
        return lines;
    }

    Path input() {
        return input;
    }

    JobSpec spec(Class<?> mapper, Path output, int reducers) throws IOException {
        return spec(mapper, Sum.class, output, reducers, 0);
    }

    JobSpec spec(Class<?> mapper, Class<?> reducer, Path output, int reducers, int skipBadRecords) throws IOException {
        return new JobSpec(
                List.of(),
                Optional.of(new Function.JavaClass(mapper.getName())),
                Optional.of(new Function.JavaClass(Sum.class.getName())),
                Optional.of(new Function.JavaClass(reducer.getName())),
                "hash",
                List.of(input.toString()),
                "text",
                output,
                "text",
                reducers,
                Files.size(input) / MAPS + 1,
                SORT_BUFFER_BYTES,
                skipBadRecords,
                Optional.empty());
    }

    /** The output is whole and in order, and nothing else is left of the job. */
    void check(Path output, int reducers) throws IOException {
        Map<String, Long> found = new HashMap<>();
        for (int i = 0; i < reducers; i++) {
            List<String> part = Files.readAllLines(output.resolve("part-%05d".formatted(i)));
            assertThat(part).isSorted();
            for (String line : part) {
                String[] pair = line.split("\t");
                assertThat(found.put(pair[0], Long.parseLong(pair[1])))
                        .as("another count of " + pair[0])
                        .isNull();
            }
        }
        assertThat(found).isEqualTo(expected);
        assertThat(output.resolve("_SUCCESS")).exists();
        assertThat(output.resolve("_attempts")).doesNotExist();
    }
}
