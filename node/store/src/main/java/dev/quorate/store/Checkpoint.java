package dev.quorate.store;

import dev.quorate.raft.SnapshotMeta;
import java.nio.file.Path;
import java.util.List;

/**
 * The whole state at an index, as files that travel to another member.
 *
 * @param meta what is applied in it
 * @param directory where the files are; it holds nothing else
 * @param files all of them, by name
 */
public record Checkpoint(SnapshotMeta meta, Path directory, List<CheckpointFile> files) {
    public Checkpoint {
        files = List.copyOf(files);
    }

    /**
     * One file of a checkpoint.
     *
     * @param name without a directory
     * @param crc32c CRC32C of its content, unsigned
     */
    public record CheckpointFile(String name, long sizeBytes, long crc32c) {}
}
