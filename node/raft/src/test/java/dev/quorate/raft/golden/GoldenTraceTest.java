package dev.quorate.raft.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each file of {@code golden} is a test: what it says happens. See the package for how to read, write and rewrite one. */
class GoldenTraceTest {
    private static final Path TRACES = Path.of("src/test/resources/golden");
    private static final boolean REWRITE = System.getProperty("quorate.golden.rewrite") != null;

    @TestFactory
    Stream<DynamicTest> traces() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(TRACES)) {
            files = all.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        }
        assertThat(files).isNotEmpty();
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
    }

    private static void check(Path file) {
        try {
            String expected = Files.readString(file);
            String actual = run(expected);
            if (REWRITE) {
                Files.writeString(file, actual);
            } else {
                assertThat(actual).isEqualTo(expected);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text again, with what really happens in the place of what it says. */
    private static String run(String text) {
        TraceCluster cluster = new TraceCluster();
        List<String> out = new ArrayList<>();
        List<String> happened = new ArrayList<>();
        boolean inResult = false;
        for (String line : text.split("\n")) {
            if (line.isBlank()) {
                inResult = false;
                out.add("");
            } else if (line.equals("----")) {
                inResult = true;
                out.add(line);
                out.addAll(happened.isEmpty() ? List.of("ok") : happened);
                happened.clear();
            } else if (!inResult) {
                out.add(line);
                if (!line.startsWith("#")) {
                    happened.addAll(cluster.run(line));
                }
            }
        }
        return String.join("\n", out) + "\n";
    }
}
