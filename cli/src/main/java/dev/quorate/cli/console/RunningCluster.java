package dev.quorate.cli.console;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.process.ProcessId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A cluster that runs on this machine, as its file tells other processes of the same user. The file of one whose process is gone only says where its data
 * is; it stays until the cluster is taken down, or until another of its name starts.
 *
 * @param name the cluster's
 * @param process that controls it
 * @param console its address, {@code http://127.0.0.1:port}
 * @param token that changes must carry
 * @param data the directory that its data is in
 */
public record RunningCluster(String name, ProcessId process, String console, String token, String data) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final String SUFFIX = ".json";

    /** Where the files are: {@code $XDG_RUNTIME_DIR/quorate}, else {@code ~/.quorate}. */
    public static Path directory() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        return runtime == null || runtime.isBlank()
                ? Path.of(System.getProperty("user.home"), ".quorate")
                : Path.of(runtime, "quorate");
    }

    /** This process as the home of a cluster. */
    public static RunningCluster here(String name, String console, String token, Path data) {
        return new RunningCluster(
                name,
                ProcessId.of(ProcessHandle.current()),
                console,
                token,
                data.toAbsolutePath().toString());
    }

    /**
     * Writes the file, for the owner's eyes only.
     *
     * @throws UserError when a cluster of this name runs already
     */
    public void announce(Path directory) {
        refuseIfRunning(directory, name);
        try {
            Files.createDirectories(directory);
            Path file = directory.resolve(name + SUFFIX);
            Files.deleteIfExists(file); // of a former process
            Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            Files.write(file, JSON.writeValueAsBytes(this), StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw UserError.failed("cluster " + name + " was started at the same moment by another process.");
        } catch (IOException e) {
            throw new UncheckedIOException("can't write to " + directory, e);
        }
    }

    /** Removes the file, if it is this process' own. */
    public static void withdraw(Path directory, String name) {
        long self = ProcessHandle.current().pid();
        if (named(directory, name)
                .filter(cluster -> cluster.process.pid() == self)
                .isPresent()) {
            remove(directory, name);
        }
    }

    /** Removes the file of a cluster that is down. */
    public static void forget(Path directory, String name) {
        if (named(directory, name).isEmpty()) {
            remove(directory, name);
        }
    }

    private static void remove(Path directory, String name) {
        try {
            Files.deleteIfExists(directory.resolve(name + SUFFIX));
        } catch (IOException e) {
            throw new UncheckedIOException("can't remove the file of cluster " + name + " from " + directory, e);
        }
    }

    /** @throws UserError when a cluster of this name runs already */
    public static void refuseIfRunning(Path directory, String name) {
        named(directory, name).ifPresent(other -> {
            throw UserError.failed("cluster " + name + " runs already (process " + other.process.pid()
                    + "). Stop it, or start this one under another name.");
        });
    }

    /** The cluster of this name, if it runs. */
    public static Optional<RunningCluster> named(Path directory, String name) {
        return known(directory, name).filter(RunningCluster::runs);
    }

    /** The cluster of this name, also when the process that controlled it is gone. */
    public static Optional<RunningCluster> known(Path directory, String name) {
        return all(directory).stream()
                .filter(cluster -> cluster.name.equals(name))
                .findFirst();
    }

    private boolean runs() {
        return process.alive().isPresent();
    }

    /**
     * The cluster of this name, or the only one.
     *
     * @throws UserError when there is none, or none of this name, or no telling which
     */
    public static RunningCluster find(Path directory, Optional<String> name) {
        List<RunningCluster> running =
                all(directory).stream().filter(RunningCluster::runs).toList();
        if (running.isEmpty()) {
            throw UserError.failed(
                    "no cluster runs on this machine. Start one with: quorate up -f examples/kvcluster.yaml");
        }
        String names =
                String.join(", ", running.stream().map(RunningCluster::name).toList());
        if (name.isEmpty() && running.size() > 1) {
            throw UserError.misused("several clusters run: " + names + ". Say which with --cluster NAME.");
        }
        return running.stream()
                .filter(cluster -> name.isEmpty() || cluster.name.equals(name.get()))
                .findFirst()
                .orElseThrow(() -> UserError.misused(
                        "no cluster " + name.get() + " runs on this machine. Running: " + names + "."));
    }

    private static List<RunningCluster> all(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<RunningCluster> clusters = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList()) {
                clusters.add(JSON.readValue(file.toFile(), RunningCluster.class));
            }
        } catch (IOException e) {
            throw UserError.failed("can't read the files in " + directory + ": " + e.getMessage());
        }
        return clusters;
    }
}
