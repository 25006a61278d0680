package dev.quorate.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The store's directory, and how its state is replaced as a whole. {@code next} appears by one rename and is complete by then: that is the decision.
 * From there on every step can be repeated until {@code next} has become {@code current}, also after a crash. {@code previous} is the old state on
 * its way out.
 */
final class StoreDirectory {
    private final Path root;
    private final Path next;
    private final Path previous;

    StoreDirectory(Path root) {
        this.root = root;
        next = root.resolve("next");
        previous = root.resolve("previous");
    }

    Path current() {
        return root.resolve("current");
    }

    /** What RocksDB flushes is worth nothing when the way to it is lost. */
    void makeDurable() {
        try {
            sync(root);
            sync(root.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw StoreException.io("the store's directory " + root + " can't be made durable", e);
        }
    }

    /** Decides that this directory, complete and durable, is the state to come. */
    void stage(Path complete) {
        try {
            move(complete, next);
            sync(complete.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw StoreException.io("a snapshot in " + complete + " can't be moved to " + next, e);
        }
    }

    /** Carries out what was decided, if anything. Nothing may be open. */
    void recover() {
        try {
            Files.createDirectories(root);
            if (Files.exists(next)) {
                retire();
                promote();
            }
            clean();
        } catch (IOException e) {
            throw StoreException.io("the store's directory " + root + " can't be put in order", e);
        }
    }

    /** The first step: out of the way. */
    void retire() throws IOException {
        if (Files.exists(current())) {
            delete(previous);
            move(current(), previous);
        }
    }

    /** The second step: in its place. */
    void promote() throws IOException {
        move(next, current());
    }

    /** The last step. */
    void clean() throws IOException {
        delete(previous);
    }

    private void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        sync(root);
    }

    /** Makes the names in a directory durable. */
    static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(tree)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
