package dev.quorate.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A directory of the file system, locked while it is open. */
final class DiskDirectory implements LogDirectory {
    private static final String LOCK = "LOCK";

    private final Path path;
    private final FileChannel lock;

    private DiskDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    static DiskDirectory open(Path path) throws IOException {
        createDirectories(path.toAbsolutePath());
        FileChannel lock = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (lock.tryLock() != null) {
                return new DiskDirectory(path, lock);
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process: reported as when another one holds it.
        }
        lock.close();
        throw new LogLockedException(path);
    }

    /** A new directory is durable only once its parent is. */
    private static void createDirectories(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            createDirectories(path.getParent());
            Files.createDirectory(path);
            sync(path.getParent());
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public List<String> list() throws IOException {
        try (var files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(LOCK))
                    .toList();
        }
    }

    @Override
    public SegmentFile open(String name) throws IOException {
        return new DiskFile(path.resolve(name), StandardOpenOption.WRITE);
    }

    @Override
    public SegmentFile create(String name) throws IOException {
        return new DiskFile(path.resolve(name), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(path.resolve(from), path.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(path.resolve(name));
    }

    @Override
    public void sync() throws IOException {
        sync(path);
    }

    @Override
    public String describe(String name) {
        return path.resolve(name).toString();
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
