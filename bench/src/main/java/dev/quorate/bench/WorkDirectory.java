package dev.quorate.bench;

import dev.quorate.bench.contender.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where the members of one cluster keep what they have; goes with it, also when this process is stopped. */
record WorkDirectory(Path path) implements AutoCloseable {
    static WorkDirectory create(Path parent) throws IOException {
        Files.createDirectories(parent);
        WorkDirectory directory = new WorkDirectory(Files.createTempDirectory(parent, "run-"));
        Runtime.getRuntime().addShutdownHook(new Thread(directory::abandon));
        return directory;
    }

    /** What members still write can't be removed. */
    private void abandon() {
        Member.killAll();
        close();
    }

    /** Also when two threads do, of which one ends with the process. */
    @Override
    public synchronized void close() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("bench: can't remove " + path + ": " + e.getMessage());
        }
    }
}
