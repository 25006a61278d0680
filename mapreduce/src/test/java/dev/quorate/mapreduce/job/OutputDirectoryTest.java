package dev.quorate.mapreduce.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.mapreduce.schedule.AttemptId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
        output = new OutputDirectory(root, "ours");
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
        Files.move(Files.writeString(output.part(COUNTS), "whole"), root.resolve("part-00000"));
        output.publish(List.of(COUNTS));
        assertThat(root.resolve("part-00000")).hasContent("whole");
        assertThat(root.resolve("_SUCCESS")).exists();
    }

    @Test
    void whoWasKilledWhileItMadeTheDirectoryIsSucceeded() throws Exception {
        Path begun = directory.resolve("begun");
        Files.createDirectories(begun.resolve("_new-1"));
        OutputDirectory successor = new OutputDirectory(begun, "ours");
        successor.createOrContinue();
        Files.writeString(successor.part(COUNTS), "whole");
        successor.publish(List.of(COUNTS));
        try (var files = Files.list(begun)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("part-00000", "_SUCCESS");
        }
    }

    @Test
    void coordinatorsOfAJobMayComeAtTheSameTime() throws Exception {
        for (int round = 0; round < 50; round++) {
            Path shared = directory.resolve("raced-" + round);
            try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
                List<Future<?>> coordinators = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    coordinators.add(threads.submit(() -> {
                        new OutputDirectory(shared, "ours").createOrContinue();
                        return null;
                    }));
                }
                for (Future<?> coordinator : coordinators) {
                    coordinator.get();
                }
            }
        }
    }

    @Test
    void twoPublishAtTheSameTimeWhileABackupStillWrites() throws Exception {
        for (int round = 0; round < 50; round++) {
            Path shared = directory.resolve("shared-" + round);
            OutputDirectory one = new OutputDirectory(shared, "ours");
            one.create();
            Files.writeString(one.part(COUNTS), "whole");
            try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
                Future<?> writer = threads.submit(() -> {
                    for (int i = 1; ; i++) {
                        one.part(new AttemptId(LATE.task(), 2, i));
                    }
                });
                List<Future<?>> publishers = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    publishers.add(threads.submit(() -> {
                        new OutputDirectory(shared, "ours").publish(List.of(COUNTS));
                        return null;
                    }));
                }
                for (Future<?> publisher : publishers) {
                    publisher.get();
                }
                assertThatThrownBy(writer::get).hasCauseInstanceOf(IOException.class);
            }
            try (var files = Files.list(shared)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("part-00000", "_SUCCESS");
            }
        }
    }

    @Test
    void aJobThatRunsHasItsDirectoryToItself() throws Exception {
        OutputDirectory another = new OutputDirectory(root, "theirs");
        assertThatThrownBy(another::create).isInstanceOf(JobException.class).hasMessageContaining("exists");
        assertThatThrownBy(another::createOrContinue)
                .isInstanceOf(JobException.class)
                .hasMessageContaining("exists");
        Files.writeString(output.part(COUNTS), "whole");
        another.discard();
        new OutputDirectory(root, "ours").createOrContinue();
        output.publish(List.of(COUNTS));
        another.discard();
        assertThat(root.resolve("part-00000")).hasContent("whole");
    }

    @Test
    void whoDiscardsLateLeavesTheNextJobsOutputAlone() throws Exception {
        Files.writeString(output.part(COUNTS), "half");
        output.discard();
        OutputDirectory next = new OutputDirectory(root, "next");
        next.createOrContinue();
        Files.writeString(next.part(COUNTS), "whole");
        output.discard();
        assertThatThrownBy(() -> output.publish(List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another job's");
        assertThat(root.resolve("_SUCCESS")).doesNotExist();
        next.publish(List.of(COUNTS));
        assertThat(root.resolve("part-00000")).hasContent("whole");
    }
}
