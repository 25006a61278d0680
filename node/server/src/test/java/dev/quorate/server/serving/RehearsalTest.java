package dev.quorate.server.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.server.NodeConfig;
import dev.quorate.server.NodeStartException;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leading is rehearsed, and nobody notices. */
@Timeout(120)
class RehearsalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void leavesNothingBehind() throws Exception {
        Path scratch = directory.resolve("rehearsal");
        int meters = Metrics.globalRegistry.getMeters().size();

        Rehearsal.perform(scratch);

        assertThat(scratch).doesNotExist();
        assertThat(openFilesIn(scratch)).isEmpty();
        assertThat(Metrics.globalRegistry.getMeters()).hasSize(meters);
        awaitNoThreads();
    }

    @Test
    void beginsAnewOverWhatAKilledProcessLeft() throws Exception {
        Path scratch = Files.createDirectories(directory.resolve("rehearsal"));
        Files.writeString(
                Files.createDirectories(scratch.resolve("rehearsal-0")).resolve("identity"), "torn");

        Rehearsal.perform(scratch);

        assertThat(scratch).doesNotExist();
    }

    @Test
    void touchesNothingOfItsNode() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Path data = directory.resolve("data");
        try (ServingNode serving = ServingNode.start(config(data), registry, _ -> {})) {
            int meters = registry.getMeters().size();
            List<Path> files = filesIn(data);

            RehearsalThread rehearsal = new RehearsalThread("node", () -> true, data.resolve("rehearsal"));
            rehearsal.start();

            assertThat(rehearsal.awaitEnd(PATIENCE)).isTrue();
            assertThat(registry.getMeters()).hasSize(meters);
            assertThat(filesIn(data)).isEqualTo(files);
            assertThat(serving.node().describe().getBootstrapped()).isFalse();
        }
    }

    @Test
    void endsWhenItsNodeCloses() throws Exception {
        Path data = directory.resolve("data");
        ServingNode serving = ServingNode.start(config(data), new SimpleMeterRegistry(), _ -> {});
        serving.rehearse(); // and waits for the node, which nobody makes ready
        serving.close();
        awaitNoThreads();

        Path scratch = directory.resolve("rehearsal");
        RehearsalThread rehearsal = new RehearsalThread("node", () -> true, scratch);
        rehearsal.start();
        await("the midst of it", () -> Files.exists(scratch.resolve("rehearsal-1")));
        rehearsal.close();

        assertThat(scratch).doesNotExist();
        awaitNoThreads();
    }

    @Test
    void failsWithoutAnybodyNoticing() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "no directory can be made in here");
        Path scratch = file.resolve("rehearsal");
        assertThatThrownBy(() -> Rehearsal.perform(scratch)).isInstanceOf(NodeStartException.class);

        RehearsalThread rehearsal = new RehearsalThread("node", () -> true, scratch);
        rehearsal.start();

        assertThat(rehearsal.awaitEnd(PATIENCE)).isTrue();
        rehearsal.close();
        awaitNoThreads();
    }

    private static NodeConfig config(Path data) {
        return new NodeConfig(
                "test",
                1,
                "node",
                "127.0.0.1",
                "127.0.0.1",
                new NodeConfig.Ports(0, 0, 0, 0, 0),
                data,
                List.of(),
                "secret",
                NodeConfig.DEFAULT_TICK,
                NodeConfig.Limits.defaults());
    }

    private static List<Path> filesIn(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.sorted().toList();
        }
    }

    /** Files that this process has open, and that may be deleted. */
    private static List<String> openFilesIn(Path scratch) throws IOException {
        List<String> open = new ArrayList<>();
        try (DirectoryStream<Path> handles = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path handle : handles) {
                try {
                    open.add(Files.readSymbolicLink(handle).toString());
                } catch (NoSuchFileException e) {
                    continue; // closed since
                }
            }
        }
        return open.stream().filter(file -> file.startsWith(scratch.toString())).toList();
    }

    /** Those of its nodes bear their names, its own too. A few may be on their way out. */
    private static void awaitNoThreads() {
        await(
                "threads to end",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().contains("rehearsal")));
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadlineNanos).as(what).isNegative();
            LockSupport.parkNanos(20_000_000);
        }
    }
}
