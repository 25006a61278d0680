package dev.quorate.server.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Where a receiver keeps what arrives: directories of files, on a disk or, in a simulation, in memory. */
public interface SnapshotFiles {
    /** Makes a directory with these files, all empty. */
    void create(Path directory, List<String> names) throws IOException;

    void write(Path file, byte[] data, long offset) throws IOException;

    /** Deletes a directory with all that is in it, if it exists. */
    void delete(Path directory);

    /** Those of the machine. */
    static SnapshotFiles onDisk() {
        return new OnDisk();
    }

    /** Files of the machine's file system. */
    record OnDisk() implements SnapshotFiles {
        @Override
        public void create(Path directory, List<String> names) throws IOException {
            Files.createDirectories(directory);
            for (String name : names) {
                Files.createFile(directory.resolve(name));
            }
        }

        @Override
        public void write(Path file, byte[] data, long offset) throws IOException {
            try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(data);
                while (bytes.hasRemaining()) {
                    out.write(bytes, offset + bytes.position());
                }
            }
        }

        @Override
        public void delete(Path directory) {
            Directories.delete(directory);
        }
    }
}
