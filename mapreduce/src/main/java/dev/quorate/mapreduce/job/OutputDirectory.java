package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.schedule.AttemptId;
import dev.quorate.mapreduce.schedule.TaskId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The directory of a job's output: what attempts write is hidden in it until it is published. Attempts outlive the job's end, by as long as they take to hear of it: the
 * directory that theirs are in is made by the job alone, so that they find no place once it is gone.
 */
public final class OutputDirectory {
    private static final String ATTEMPTS = "_attempts";
    private static final String DISCARDED = "_discarded";
    private static final String SKIPPED = "_skipped";
    private static final String SUCCESS = "_SUCCESS";

    private final Path root;

    public OutputDirectory(Path root) {
        this.root = root;
    }

    /** Makes it. There must be none yet, or an empty one: output of another job is never written over. */
    public void create() throws JobException {
        try {
            if (Files.exists(root) && !Files.isDirectory(root)) {
                throw new JobException(
                        "output " + root + " exists and is a file: remove it, or choose another directory.");
            }
            if (Files.isDirectory(root)) {
                try (Stream<Path> entries = Files.list(root)) {
                    if (entries.findAny().isPresent()) {
                        throw new JobException("output " + root + " exists: remove it, or choose another directory.");
                    }
                }
            }
            Files.createDirectories(root.resolve(ATTEMPTS));
        } catch (IOException e) {
            throw new JobException("output " + root + " can't be made: " + e, e);
        }
    }

    /** Makes it, or goes on with one that a coordinator of the same job made before it could write the plan down. */
    public void createOrContinue() throws JobException {
        if (!Files.isDirectory(root.resolve(ATTEMPTS)) || Files.exists(root.resolve(SUCCESS))) {
            create();
        }
    }

    /**
     * The file that an attempt of a reduce writes. Its directory is there after this.
     *
     * @throws IOException when the job has ended
     */
    public Path part(AttemptId attempt) throws IOException {
        makeAttemptDirectory(attemptDirectory(attempt));
        return partIn(attemptDirectory(attempt));
    }

    private static Path partIn(Path attemptDirectory) {
        return attemptDirectory.resolve("part");
    }

    /** Only itself, not what it lies in. */
    static void makeAttemptDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            // made by the attempt before
        } catch (NoSuchFileException e) {
            throw new IOException("the output directory is gone: the job has ended", e);
        }
    }

    /** Where an attempt keeps the records that it left out. */
    public Path skipped(AttemptId attempt) {
        return attemptDirectory(attempt).resolve("skipped");
    }

    /** Where an attempt says at which record it is. */
    public Path lastWords(AttemptId attempt) {
        return root.resolve(ATTEMPTS).resolve(attempt + ".record");
    }

    private Path attemptDirectory(AttemptId attempt) {
        return root.resolve(ATTEMPTS).resolve(attempt.toString());
    }

    /**
     * Makes a job's output visible. May be repeated, by anyone.
     *
     * @param committed the attempt of every task that counts
     */
    public void publish(List<AttemptId> committed) throws IOException {
        if (Files.exists(root.resolve(SUCCESS))) {
            return;
        }
        for (AttemptId attempt : committed) {
            if (attempt.task().kind() == TaskId.Kind.REDUCE) {
                move(
                        partIn(attemptDirectory(attempt)),
                        publishedPart(attempt.task().index()));
            }
            if (Files.exists(skipped(attempt))) {
                Files.createDirectories(root.resolve(SKIPPED));
                move(
                        skipped(attempt),
                        root.resolve(SKIPPED).resolve(attempt.task().toString()));
            }
        }
        deleteTree(root.resolve(ATTEMPTS));
        Files.createFile(root.resolve(SUCCESS));
    }

    /** The published files. */
    List<Path> parts(int count) {
        return IntStream.range(0, count).mapToObj(this::publishedPart).toList();
    }

    private Path publishedPart(int partition) {
        return root.resolve("part-%05d".formatted(partition));
    }

    /** Removes the published files of a job whose output is elsewhere by now, and the directory unless there are records that the job left out. */
    void discardParts(int count) throws IOException {
        for (Path part : parts(count)) {
            Files.deleteIfExists(part);
        }
        if (!Files.exists(root.resolve(SKIPPED))) {
            Files.deleteIfExists(root.resolve(SUCCESS));
            Files.deleteIfExists(root);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } else if (!Files.exists(to)) {
            throw new IOException("what a committed attempt wrote is gone: " + from);
        }
    }

    /** Removes what a job that failed has left: all of the directory, also while attempts still write. */
    public void discard() throws IOException {
        if (Files.isDirectory(root.resolve(ATTEMPTS))) {
            Files.move(root.resolve(ATTEMPTS), root.resolve(DISCARDED), StandardCopyOption.ATOMIC_MOVE);
        }
        deleteTree(root);
    }

    /** Removes what {@link #create} made, if nothing has come into it since. */
    void discardEmpty() throws IOException {
        try {
            Files.deleteIfExists(root.resolve(ATTEMPTS));
            Files.deleteIfExists(root);
        } catch (DirectoryNotEmptyException e) {
            // somebody's output
        }
    }

    public static void deleteTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't remove " + root, e);
        }
    }
}
