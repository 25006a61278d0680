package dev.quorate.mapreduce.job;

import dev.quorate.mapreduce.schedule.AttemptId;
import dev.quorate.mapreduce.schedule.TaskId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The directory of a job's output: what attempts write is hidden in it until it is published. Attempts outlive the job's end, by as long as they take to hear of it: the
 * directory that theirs are in is made by the job alone, so that they find no place once it is gone. It holds a file that names the job from its first moment on, so that
 * a directory is never taken from another job, nor removed once it is another one's.
 */
public final class OutputDirectory {
    private static final String ATTEMPTS = "_attempts";
    private static final String NEW = "_new-";
    private static final String OWNER = "job-";
    private static final String DISCARDED = "_discarded-";
    private static final String SKIPPED = "_skipped";
    private static final String SUCCESS = "_SUCCESS";

    private final Path root;
    private final String job;

    /**
     * @param job what sets it apart from all others
     */
    public OutputDirectory(Path root, String job) {
        this.root = root;
        this.job = job;
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
                    if (entries.anyMatch(entry -> !isBegun(entry))) {
                        throw exists();
                    }
                }
            }
            makeAttempts();
        } catch (IOException e) {
            throw new JobException("output " + root + " can't be made: " + Failures.reason(e) + ".", e);
        }
    }

    /** Left by who was killed while it made a directory of attempts. */
    private static boolean isBegun(Path entry) {
        return entry.getFileName().toString().startsWith(NEW);
    }

    private JobException exists() {
        return new JobException("output " + root + " exists: remove it, or choose another directory.");
    }

    /** With its owner in it, all at once: of two jobs that come at the same time one gets the directory. */
    private void makeAttempts() throws JobException, IOException {
        Files.createDirectories(root);
        Path made = Files.createDirectory(root.resolve(NEW + UUID.randomUUID()));
        Files.createFile(made.resolve(OWNER + job));
        try {
            Files.move(made, root.resolve(ATTEMPTS), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            deleteTree(made);
            if (!isOurs()) {
                throw exists();
            }
        }
    }

    private boolean isOurs() {
        return Files.exists(root.resolve(ATTEMPTS).resolve(OWNER + job));
    }

    /** Makes it, or goes on with one that a coordinator of the same job made before it could write the plan down. */
    public void createOrContinue() throws JobException {
        try {
            if (!isOurs()) {
                create();
            }
        } catch (JobException e) {
            if (!isOurs()) { // else one that started at the same time was faster
                throw e;
            }
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
     * Makes a job's output visible. May be repeated, by anyone, by two at the same time even.
     *
     * @param committed the attempt of every task that counts
     */
    public void publish(List<AttemptId> committed) throws IOException {
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
        if (isOurs()) {
            succeed();
        } else if (!Files.exists(root.resolve(SUCCESS))) {
            throw new IOException("the output directory is another job's by now: the job has ended");
        }
        removeAttempts();
    }

    private void succeed() throws IOException {
        try {
            Files.createFile(root.resolve(SUCCESS));
        } catch (FileAlreadyExistsException e) {
            // by who publishes at the same time
        }
    }

    /** Also while some still write: under another name first, where they don't find it. */
    private void removeAttempts() throws IOException {
        Path discarded = root.resolve(DISCARDED + job);
        if (isOurs()) {
            try {
                Files.move(root.resolve(ATTEMPTS), discarded, StandardCopyOption.ATOMIC_MOVE);
            } catch (NoSuchFileException e) {
                // moved by another at this moment
            }
        }
        deleteTree(discarded);
        try (Stream<Path> entries = Files.list(root)) {
            for (Path begun : entries.filter(OutputDirectory::isBegun).toList()) {
                deleteTree(begun);
            }
        }
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
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            if (!Files.exists(to)) {
                throw new IOException("what a committed attempt wrote is gone: " + from, e);
            }
        }
    }

    /** Removes what a job that failed has left: all of the directory, also while attempts still write. One that is another job's, or was published, stays. */
    public void discard() throws IOException {
        if (!isOurs() && !Files.exists(root.resolve(DISCARDED + job))) {
            return;
        }
        removeAttempts();
        deleteTree(root);
    }

    /** What others remove at the same time is no failure. */
    public static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (!(failure instanceof NoSuchFileException)) {
                    throw failure;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
