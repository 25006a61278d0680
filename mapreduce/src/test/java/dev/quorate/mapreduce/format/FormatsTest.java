package dev.quorate.mapreduce.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.mapreduce.InputFormat;
import dev.quorate.mapreduce.MalformedRecordException;
import dev.quorate.mapreduce.RecordReader;
import dev.quorate.mapreduce.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatsTest {
    @TempDir
    private Path directory;

    private static <K, V> List<String> read(InputFormat<K, V> format, String input, long splitBytes)
            throws IOException {
        List<String> records = new ArrayList<>();
        for (Split split : format.splits(input, splitBytes)) {
            try (RecordReader<K, V> reader = format.open(split)) {
                while (reader.next()) {
                    records.add(reader.key() + ":" + reader.value());
                }
                assertThat(reader.progress()).isEqualTo(1);
            }
        }
        return records;
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content).toString();
    }

    /** Wherever the cuts are, also within line ends and after the last one. */
    @Test
    void everyLineIsReadOnceHoweverTheFileIsCut() throws IOException {
        String content = "one\n\ntwo and more\r\n" + "x".repeat(50) + "\n\n\nlast";
        for (String text : List.of(content, content + "\n", "\n", "a", "a\n")) {
            String input = file("lines", text);
            List<String> whole = read(new TextLines(), input, 1 << 20);
            for (int splitBytes = 1; splitBytes < text.length() + 2; splitBytes++) {
                assertThat(read(new TextLines(), input, splitBytes))
                        .as("splits of %d", splitBytes)
                        .isEqualTo(whole);
            }
        }
        assertThat(read(new TextLines(), file("crlf", "one\r\n\ntwo"), 100)).containsExactly("0:one", "5:", "6:two");
    }

    @Test
    void linesLongerThanTheBufferAreRead() throws IOException {
        String line = "y".repeat(900_000);
        assertThat(read(new TextLines(), file("long", line + "\n" + line + "z\n"), 300_000))
                .containsExactly("0:" + line, "900001:" + line + "z");
    }

    @Test
    void pairsAndJson() throws IOException {
        assertThat(read(new PairLines(), file("pairs", "a\t1\nb\nc\t2\t3\n\td\n"), 3))
                .containsExactly("a:1", "b:", "c:2\t3", ":d");
        assertThat(read(new JsonLines(), file("json", "{\"a\":1}\n\n[2]\n"), 4))
                .containsExactly("0:{\"a\":1}", "9:[2]");
    }

    /** What is more in a line than one value would be lost unseen; and bytes that are no text must not end the process. */
    @Test
    void aLineOfJsonIsOneValueOrMalformed() throws IOException {
        assertThat(read(new JsonLines(), file("blank", "1\n  \t\n\r\n2"), 100)).containsExactly("0:1", "8:2");
        for (byte[] line : List.of("{\"a\":1} {\"b\":2}".getBytes(UTF_8), "{\"a\"".getBytes(UTF_8), new byte[] {
            0, 0, (byte) 0xFF, (byte) 0xFE, 1
        })) {
            String input = Files.write(directory.resolve("no"), line).toString();
            assertThatThrownBy(() -> read(new JsonLines(), input, 100))
                    .isInstanceOf(MalformedRecordException.class)
                    .hasMessageStartingWith("no JSON: ");
        }
    }

    @Test
    void fixedRecordsAreCutBetweenRecords() throws IOException {
        String input = file("fixed", "k1vv1k2vv2k3vv3");
        for (int splitBytes : List.of(1, 7, 10, 100)) {
            assertThat(read(new FixedPairs(2, 3), input, splitBytes)).containsExactly("k1:vv1", "k2:vv2", "k3:vv3");
        }
        assertThatThrownBy(() -> read(new FixedPairs(2, 2), input, 100))
                .hasMessageContaining("no whole number of records");
    }

    @Test
    void inputsAreFilesDirectoriesAndPatterns() throws IOException {
        file("b.txt", "");
        file("a.txt", "");
        file("_hidden.txt", "");
        Files.createDirectory(directory.resolve("sub"));
        file("sub/c.txt", "");
        assertThat(names(directory.toString())).containsExactly("a.txt", "b.txt");
        assertThat(names(directory + "/*.txt")).containsExactly("a.txt", "b.txt");
        assertThat(names(directory + "/{*,sub/*}.txt")).containsExactly("a.txt", "b.txt", "sub/c.txt");
        assertThat(names(directory + "/sub/c.txt")).containsExactly("sub/c.txt");
        assertThatThrownBy(() -> names(directory + "/*.gz"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("names no file");
        assertThatThrownBy(() -> names(directory + "/none"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> names(directory + "/none/*"))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("no directory");
    }

    @Test
    void patternsMayBeRelative() throws IOException {
        assertThat(InputFiles.find("pom*.xml")).containsExactly(Path.of("pom.xml"));
        assertThatThrownBy(() -> InputFiles.find("none*.xml")).hasMessageContaining("names no file");
    }

    @Test
    void aPatternThatCantBeIsASentence() {
        for (String pattern : List.of("/a[.txt", "/{a,b.txt")) {
            assertThatThrownBy(() -> names(directory + pattern))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is no pattern: Missing");
        }
    }

    @Test
    void whatExistsByThatNameIsNoPattern() throws IOException {
        file("a[1].txt", "");
        file("a1.txt", "");
        assertThat(names(directory + "/a[1].txt")).containsExactly("a[1].txt");
        assertThat(names(directory + "/a[1]*")).containsExactly("a1.txt");
    }

    @Test
    void patternsFollowLinksAndGoNoDeeperThanTheySay() throws IOException {
        Path deep = Files.createDirectories(directory.resolve("real/deep"));
        file("real/a.txt", "");
        file("real/deep/b.txt", "");
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("real"));
        Files.createSymbolicLink(deep.resolve("loop"), directory.resolve("real"));
        assertThat(names(directory + "/link/*.txt")).containsExactly("link/a.txt");
        assertThat(names(directory + "/li*/*/b.txt")).containsExactly("link/deep/b.txt");
        assertThat(names(directory + "/real/**.txt")).containsExactly("real/a.txt", "real/deep/b.txt");
    }

    /** Its size is not known, so it would pass for an empty one. */
    @Test
    void aDeviceIsNoInput() {
        assertThatThrownBy(() -> InputFiles.find("/dev/null")).hasMessageContaining("neither a file nor a directory");
    }

    /** Its bytes would be counted as if they were lines. */
    @Test
    void aCompressedFileIsRefused() throws IOException {
        Path packed = Files.writeString(directory.resolve("lines.txt.gz"), "x");
        assertThatThrownBy(() -> new TextLines().splits(packed.toString(), 1 << 20))
                .hasMessageContaining("unpack it");
    }

    private List<String> names(String input) throws IOException {
        return InputFiles.find(input).stream()
                .map(path -> directory.relativize(path).toString())
                .toList();
    }
}
