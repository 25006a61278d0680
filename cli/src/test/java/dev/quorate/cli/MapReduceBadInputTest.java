package dev.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.quorate.mapreduce.Emitter;
import dev.quorate.mapreduce.Mapper;
import dev.quorate.mapreduce.Reducer;
import dev.quorate.mapreduce.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** What people read when a job can't be, runs out of disk or memory, or meets a record that its code fails on: {@code quorate mr run}, as a process. Nothing of its output is there. */
@Timeout(300)
class MapReduceBadInputTest {
    private static final int LINES = 60_000;
    private static final int HEAP_MEBIBYTES = 64;
    /** Runs a command with a file system of a mebibyte in a directory that it alone sees, and lists after it what is there. */
    private static final List<String> SMALL_DISK = List.of(
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs -o size=1m none \"$0\" || exit 99; \"$@\"; status=$?; echo \"left: $(ls -A \"$0\")\"; exit $status");

    @TempDir
    private Path directory;

    private Path input;
    private Path output;

    /** Fails on one line. */
    static final class Picky implements Mapper<Long, Text, Text, Text> {
        @Override
        public void map(Long offset, Text line, Emitter<Text, Text> out) throws IOException {
            if (line.toString().equals("line 17")) {
                throw new IllegalStateException("seventeen");
            }
            out.emit(line, line);
        }
    }

    /** Gives all lines the same key. */
    static final class OneKey implements Mapper<Long, Text, Text, Text> {
        @Override
        public void map(Long offset, Text line, Emitter<Text, Text> out) throws IOException {
            out.emit(Text.of("the key"), line);
        }
    }

    /** Keeps all values, each with a kibibyte around it. */
    static final class Hoarder implements Reducer<Text, Text, Text, Text> {
        @Override
        public void reduce(Text key, Iterator<Text> values, Emitter<Text, Text> out) throws IOException {
            List<byte[]> kept = new ArrayList<>();
            while (values.hasNext()) {
                values.next();
                kept.add(new byte[4096]);
            }
            out.emit(key, Text.of(kept.getFirst()));
        }
    }

    @BeforeEach
    void prepare() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            lines.add("line " + i);
        }
        Collections.reverse(lines);
        input = Files.write(directory.resolve("in.txt"), lines);
        output = directory.resolve("out");
    }

    private void fails(List<String> wrapper, List<String> options, String... said) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("run", "--local"));
        if (!options.contains("--sort-buffer")) {
            arguments.addAll(List.of("--workers", "1", "--sort-buffer", "1"));
        }
        arguments.addAll(options);
        Path printed = directory.resolve("printed");
        try (MrProcess process = MrProcess.start(wrapper, HEAP_MEBIBYTES, printed, arguments.toArray(String[]::new))) {
            int status = process.await();
            assumeTrue(status != 99, "no file system of its own can be had here");
            assertThat(status).as(process.printed()).isEqualTo(1);
            assertThat(process.printed()).contains(said).doesNotContain("Exception in thread", "\tat ");
        }
        assertThat(output).doesNotExist();
    }

    private List<String> smallDisk(Path at) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "there is no unshare");
        List<String> wrapper = new ArrayList<>(SMALL_DISK);
        wrapper.add(Files.createDirectories(at).toString());
        return wrapper;
    }

    @Test
    void whatIsInterruptedLeavesNothing() throws Exception {
        Path temporary = Files.createDirectories(directory.resolve("temporary"));
        Path started = directory.resolve("started");
        String[] arguments = {
            "run",
            "--local",
            "--sort-buffer",
            "1",
            "--map-command",
            "sleep 600 & echo $! > " + started + "; wait",
            "--input",
            input.toString(),
            "--output",
            output.toString(),
            "--temporary",
            temporary.toString()
        };
        try (MrProcess process = MrProcess.start(List.of(), HEAP_MEBIBYTES, directory.resolve("printed"), arguments)) {
            long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!process.printed().contains("map ") || !Files.exists(started) || Files.size(started) == 0) {
                assertThat(System.nanoTime()).as(process.printed()).isLessThan(endNanos);
                Thread.sleep(20);
            }
            process.interrupt();
            assertThat(process.await()).isNotZero();
            assertThat(process.printed())
                    .contains("quorate: the job was interrupted.")
                    .doesNotContain("\tat ");
        }
        Optional<ProcessHandle> ofCommand =
                ProcessHandle.of(Long.parseLong(Files.readString(started).strip()));
        if (ofCommand.isPresent()) {
            ofCommand.get().onExit().get(60, TimeUnit.SECONDS);
        }
        assertThat(output).doesNotExist();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void buffersThatTheHeapDoesNotHold() throws Exception {
        fails(
                List.of(),
                List.of(
                        "--workers",
                        "2",
                        "--sort-buffer",
                        "60",
                        "--input",
                        input.toString(),
                        "--output",
                        output.toString()),
                "has no room for a sort buffer of 60 MiB",
                "--sort-buffer");
    }

    @Test
    void aDiskThatFillsUpInAMap() throws Exception {
        Path small = directory.resolve("small");
        fails(
                smallDisk(small),
                List.of(
                        "--map",
                        OneKey.class.getName(),
                        "--input-format",
                        "text",
                        "--temporary",
                        small.toString(),
                        "--input",
                        enlarged().toString(),
                        "--output",
                        output.toString(),
                        "--skip-bad-records",
                        "5"),
                "map-00000 failed on " + directory.resolve("random"),
                "can't write " + small,
                "No space left on device",
                "left: \n");
    }

    /** What does not compress. */
    private Path enlarged() throws IOException {
        Path random = directory.resolve("random");
        Random bytes = new Random(3);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 80_000; i++) {
            text.append(Long.toString(bytes.nextLong(), Character.MAX_RADIX))
                    .append(Long.toString(bytes.nextLong(), Character.MAX_RADIX))
                    .append('\n');
        }
        return Files.writeString(random, text);
    }

    @Test
    void aDiskThatFillsUpInAReduce() throws Exception {
        Path small = directory.resolve("small");
        fails(
                smallDisk(small),
                List.of(
                        "--map",
                        OneKey.class.getName(),
                        "--temporary",
                        directory.toString(),
                        "--input",
                        enlarged().toString(),
                        "--output",
                        small.resolve("out").toString(),
                        "--skip-bad-records",
                        "5"),
                "reduce-00000 failed on partition 0: can't write " + small.resolve("out"),
                "No space left on device",
                "left: \n");
    }

    @Test
    void aReducerThatRunsOutOfMemory() throws Exception {
        fails(
                List.of(),
                List.of(
                        "--map",
                        OneKey.class.getName(),
                        "--reduce",
                        Hoarder.class.getName(),
                        "--input",
                        input.toString(),
                        "--output",
                        output.toString()),
                "reduce-00000 failed on record 0 of partition 0, \"the key\": out of memory (Java heap space): the heap is",
                "MiB");
    }

    @Test
    void aMapperThatThrows() throws Exception {
        fails(
                List.of(),
                List.of("--map", Picky.class.getName(), "--input", input.toString(), "--output", output.toString()),
                "map-00000 failed on record " + (LINES - 18) + " of " + input,
                "\"line 17\": java.lang.IllegalStateException: seventeen at ",
                "Picky.map(MapReduceBadInputTest.java");
    }

    @Test
    void whatIsNotThere() throws Exception {
        String in = input.toString();
        String out = output.toString();
        fails(List.of(), List.of("--map", "demo.None", "--input", in, "--output", out), "there is no class demo.None");
        fails(
                List.of(),
                List.of("--map-command", "no-such-program", "--input", in, "--output", out),
                "there is no command no-such-program");
        fails(List.of(), List.of("--input", in + "x", "--output", out), "input " + in + "x does not exist.");
    }

    @Test
    @Execution(CONCURRENT)
    void aClusterThatIsNotThere() throws Exception {
        fails(
                List.of(),
                List.of("--keyspace", "127.0.0.1:1/doc:", "--output", output.toString()),
                "input 127.0.0.1:1/doc: can't be read: ");
        fails(
                List.of(),
                List.of("--input", input.toString(), "--output", "kv:127.0.0.1:1/counts:"),
                "the cluster for the output can't be reached: ");
        Path printed = directory.resolve("submit");
        try (MrProcess submit = MrProcess.start(
                List.of(),
                HEAP_MEBIBYTES,
                printed,
                "submit",
                "--job",
                "lost",
                "--grpc",
                "127.0.0.1:1",
                "--input",
                input.toString(),
                "--output",
                output.toString())) {
            assertThat(submit.await()).isEqualTo(1);
            assertThat(submit.printed()).contains("the cluster that holds the job's state: ");
        }
        assertThat(output).doesNotExist();
    }

    @Test
    void outputThatExists() throws Exception {
        Path kept = Files.writeString(
                Files.createDirectory(directory.resolve("theirs")).resolve("kept"), "x");
        fails(
                List.of(),
                List.of(
                        "--input",
                        input.toString(),
                        "--output",
                        kept.getParent().toString()),
                "output " + kept.getParent() + " exists: remove it, or choose another directory.");
        assertThat(kept).hasContent("x");
    }
}
