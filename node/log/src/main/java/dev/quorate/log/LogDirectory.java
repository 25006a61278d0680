package dev.quorate.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The directory that holds a log's files. Changes of names are durable only after {@link #sync}. Closing it releases the lock. Tests bring others, to
 * see what the log does when a disk fails.
 */
public interface LogDirectory extends Closeable {
    /**
     * A directory of the file system, made if there is none, locked until it is closed.
     *
     * @throws LogLockedException when somebody else has it
     */
    static LogDirectory open(Path path) throws IOException {
        return DiskDirectory.open(path);
    }

    /** Names of the files in it, the lock file left out. */
    List<String> list() throws IOException;

    SegmentFile open(String name) throws IOException;

    SegmentFile create(String name) throws IOException;

    /** Renames a file; files that are open stay so. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    void sync() throws IOException;

    /** The file's name for people, with its path. */
    String describe(String name);
}
