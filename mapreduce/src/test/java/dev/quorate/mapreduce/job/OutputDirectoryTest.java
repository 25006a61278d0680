package dev.quorate.mapreduce.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.mapreduce.schedule.AttemptId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputDirectoryTest {
    private static final AttemptId COUNTS = AttemptId.parse("reduce-00000.e1.a1");
    private static final AttemptId LATE = AttemptId.parse("reduce-00000.e1.a2");

    @TempDir
    Path directory;

    private Path root;
    private OutputDirectory output;

    @BeforeEach
    void make() throws JobException {
        root = directory.resolve("out");
        output = new OutputDirectory(root);
        output.create();
    }

    @Test
    void anAttemptThatOutlivesItsJobFindsNoPlaceAnyMore() throws IOException {
        Files.writeString(output.part(COUNTS), "half");
        output.discard();
        assertThat(root).doesNotExist();

        assertThatThrownBy(() -> output.part(LATE)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> output.part(COUNTS)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new SkippedRecords(output.skipped(LATE)).add(1, "key", "value"))
                .isInstanceOf(IOException.class);
        assertThat(root).doesNotExist();
    }

    @Test
    void norDoesABackupThatComesAfterPublication() throws IOException {
        Files.writeString(output.part(COUNTS), "whole");
        output.publish(List.of(COUNTS));
        assertThatThrownBy(() -> output.part(LATE)).isInstanceOf(IOException.class);
        output.publish(List.of(COUNTS)); // by a coordinator that did not hear of the first
        try (var files = Files.list(root)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("part-00000", "_SUCCESS");
        }
    }

    @Test
    void publicationGoesOnWhereOneWasCutShort() throws IOException {
        Files.writeString(output.part(COUNTS), "whole");
        output.publish(List.of(COUNTS));
        Files.delete(root.resolve("_SUCCESS"));
        output.publish(List.of(COUNTS));
        assertThat(root.resolve("part-00000")).hasContent("whole");
        assertThat(root.resolve("_SUCCESS")).exists();
    }
}
