package dev.quorate.mapreduce.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.mapreduce.job.Job;
import dev.quorate.mapreduce.job.JobException;
import dev.quorate.mapreduce.job.JobSpec;
import dev.quorate.mapreduce.job.JobSpec.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A job description, changed from test to test; its output is {@code out} in a directory. */
final class JobDescription {
    private static final int WORKERS = 3;

    private final Path directory;

    Optional<Function> map = Optional.empty();
    Optional<Function> combine = Optional.empty();
    Optional<Function> reduce = Optional.empty();
    String partition = "hash";
    List<String> input = List.of();
    String inputFormat = "text";
    String outputFormat = "text";
    int reducers = 1;
    long splitBytes = 20_000;
    int sortBufferBytes = 4 << 20;
    int skip;
    List<Path> jars = List.of();

    JobDescription(Path directory) {
        this.directory = directory;
    }

    JobDescription map(Class<?> type) {
        map = Optional.of(new Function.JavaClass(type.getName()));
        return this;
    }

    JobDescription combine(Class<?> type) {
        combine = Optional.of(new Function.JavaClass(type.getName()));
        return this;
    }

    JobDescription reduce(Class<?> type) {
        reduce = Optional.of(new Function.JavaClass(type.getName()));
        return this;
    }

    JobDescription commands(String mapLine, String reduceLine) {
        map = Optional.of(new Function.Command(mapLine));
        reduce = Optional.of(new Function.Command(reduceLine));
        return this;
    }

    JobDescription input(Path... paths) {
        input = Stream.of(paths).map(Path::toString).toList();
        return this;
    }

    Map<String, ? extends Map<String, Long>> run() throws JobException, IOException, InterruptedException {
        Path temporary = Files.createDirectories(directory.resolve("temporary"));
        try (Job job = Job.open(spec())) {
            return LocalJob.plan(job, WORKERS, temporary).run();
        } finally {
            assertThat(temporary).as("spilled data").isEmptyDirectory();
        }
    }

    JobSpec spec() {
        return new JobSpec(
                jars,
                map,
                combine,
                reduce,
                partition,
                input,
                inputFormat,
                output(),
                outputFormat,
                reducers,
                splitBytes,
                sortBufferBytes,
                skip,
                Optional.empty());
    }

    Path output() {
        return directory.resolve("out");
    }

    /** The lines of all partitions, each of which is in order. */
    List<String> parts() throws IOException {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < reducers; i++) {
            List<String> part = Files.readAllLines(output().resolve("part-%05d".formatted(i)));
            assertThat(part).isSorted();
            all.addAll(part);
        }
        assertThat(output().resolve("_SUCCESS")).exists();
        assertThat(output().resolve("_attempts")).doesNotExist();
        return all;
    }

    /** Runs it, which must fail with all of this in its message, and leave nothing. */
    void fails(String... said) {
        assertThatThrownBy(this::run)
                .isInstanceOf(JobException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(said));
        assertThat(output()).doesNotExist();
    }
}
