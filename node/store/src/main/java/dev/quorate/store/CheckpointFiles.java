package dev.quorate.store;

import dev.quorate.raft.SnapshotMeta;
import dev.quorate.store.Checkpoint.CheckpointFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Describes checkpoints and verifies received ones. */
final class CheckpointFiles {
    private static final int BUFFER_BYTES = 256 << 10;

    private CheckpointFiles() {}

    /** Verifies a new checkpoint and reads what it is: only it knows what is applied in it, since entries may be applied while it is made. */
    static Checkpoint describe(Path target) {
        try {
            SnapshotMeta meta = readMeta(target);
            List<CheckpointFile> files = new ArrayList<>();
            for (Path file : list(target)) {
                files.add(new CheckpointFile(file.getFileName().toString(), Files.size(file), crc32c(file, false)));
            }
            return new Checkpoint(meta, target, files);
        } catch (IOException e) {
            throw StoreException.io("the checkpoint in " + target + " can't be read", e);
        }
    }

    /** Checks that the files are those that were sent, makes them durable, and checks that they are the state they claim to be. */
    static void verify(Checkpoint received) {
        try {
            verifyFiles(received);
            StoreDirectory.sync(received.directory());
            SnapshotMeta meta = readReceived(received.directory());
            if (!meta.equals(received.meta())) {
                throw StoreException.badSnapshot("the snapshot in " + received.directory() + " is of " + meta
                        + " instead of " + received.meta());
            }
        } catch (IOException e) {
            throw StoreException.io("the snapshot in " + received.directory() + " can't be verified", e);
        }
    }

    private static void verifyFiles(Checkpoint received) throws IOException {
        Set<String> expected =
                received.files().stream().map(CheckpointFile::name).collect(Collectors.toSet());
        Set<String> found = list(received.directory()).stream()
                .map(file -> file.getFileName().toString())
                .collect(Collectors.toSet());
        if (!found.equals(expected)) {
            throw StoreException.badSnapshot(
                    "the snapshot in " + received.directory() + " has the files " + found + " instead of " + expected);
        }
        for (CheckpointFile file : received.files()) {
            Path path = received.directory().resolve(file.name());
            if (Files.size(path) != file.sizeBytes() || crc32c(path, true) != file.crc32c()) {
                throw StoreException.badSnapshot(
                        "the snapshot's file " + path + " is not what was sent: fetch it again");
            }
        }
    }

    private static SnapshotMeta readReceived(Path directory) throws IOException {
        try {
            return readMeta(directory);
        } catch (StoreException e) {
            throw StoreException.badSnapshot("the snapshot in " + directory + " can't be read: " + e.getMessage());
        }
    }

    /**
     * Opens the directory for a moment, and reads every block of it: damage on one member's disk must not become another's state. What RocksDB writes
     * there meanwhile is its own log, and goes again.
     *
     * @throws StoreException of kind CORRUPT when a block is not what was written
     */
    private static SnapshotMeta readMeta(Path directory) throws IOException {
        SnapshotMeta meta;
        try (RocksRows opened = RocksRows.openReadOnly(directory)) {
            opened.verifyChecksums();
            meta = Database.appliedIn(opened::get);
        }
        for (Path file : list(directory)) {
            if (file.getFileName().toString().startsWith("LOG")) {
                Files.delete(file);
            }
        }
        return meta;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private static long crc32c(Path file, boolean makeDurable) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer) >= 0) {
                crc.update(buffer.flip());
                buffer.clear();
            }
            if (makeDurable) {
                channel.force(true);
            }
        }
        return crc.getValue();
    }
}
