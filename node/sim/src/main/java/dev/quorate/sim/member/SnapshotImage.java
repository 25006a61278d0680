package dev.quorate.sim.member;

import dev.quorate.raft.SnapshotMeta;
import dev.quorate.store.Checkpoint;
import dev.quorate.store.Checkpoint.CheckpointFile;
import dev.quorate.store.MemoryStorage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A state machine's rows as the files of a checkpoint.
 *
 * @param files the content of each, in the checkpoint's order
 */
record SnapshotImage(Checkpoint checkpoint, List<byte[]> files) {
    private static final Path DIRECTORY = Path.of("out");

    /** @param count how many files there are */
    static SnapshotImage of(MemoryStorage.Image image, int count) {
        byte[] rows = encode(image);
        List<byte[]> contents = new ArrayList<>();
        List<CheckpointFile> files = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            byte[] part = Arrays.copyOfRange(rows, rows.length * number / count, rows.length * (number + 1) / count);
            contents.add(part);
            files.add(new CheckpointFile("rows-" + number, part.length, crc32c(part)));
        }
        return new SnapshotImage(new Checkpoint(image.meta(), DIRECTORY, files), contents);
    }

    static long crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }

    private static byte[] encode(MemoryStorage.Image image) {
        int size = image.rows().entrySet().stream()
                .mapToInt(row -> 2 * Integer.BYTES + row.getKey().length + row.getValue().length)
                .sum();
        ByteBuffer bytes = ByteBuffer.allocate(size);
        image.rows()
                .forEach((key, value) ->
                        bytes.putInt(key.length).put(key).putInt(value.length).put(value));
        return bytes.array();
    }

    static MemoryStorage.Image decode(SnapshotMeta meta, List<byte[]> files) {
        ByteBuffer bytes =
                ByteBuffer.allocate(files.stream().mapToInt(file -> file.length).sum());
        files.forEach(bytes::put);
        bytes.flip();
        TreeMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
        while (bytes.hasRemaining()) {
            rows.put(take(bytes), take(bytes));
        }
        return new MemoryStorage.Image(meta, rows);
    }

    private static byte[] take(ByteBuffer bytes) {
        byte[] taken = new byte[bytes.getInt()];
        bytes.get(taken);
        return taken;
    }
}
