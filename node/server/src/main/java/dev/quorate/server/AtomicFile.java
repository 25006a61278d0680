package dev.quorate.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** A small file that is replaced as a whole: a crash leaves the old content or the new. Its first four bytes are the CRC32C of the rest. */
final class AtomicFile {
    private static final int CRC_BYTES = 4;

    private AtomicFile() {}

    /** Durable on return. */
    static void write(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        ByteBuffer bytes = ByteBuffer.allocate(CRC_BYTES + content.length);
        bytes.putInt(crc(content)).put(content).flip();
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        syncDirectory(file.getParent());
    }

    static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            syncDirectory(file.getParent());
        }
    }

    /** The content, or null when there is no such file. */
    static byte[] read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        if (bytes.remaining() < CRC_BYTES) {
            throw new IOException(file + " is damaged: too short");
        }
        int crc = bytes.getInt();
        byte[] content = new byte[bytes.remaining()];
        bytes.get(content);
        if (crc != crc(content)) {
            throw new IOException(file + " is damaged: its checksum does not match");
        }
        return content;
    }

    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static int crc(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return (int) crc.getValue();
    }
}
