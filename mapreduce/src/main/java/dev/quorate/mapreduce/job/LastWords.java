package dev.quorate.mapreduce.job;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The number of the record that an attempt is at, in a mapped file: of a process that ends without a word, by a record that makes it crash, this is left
 * (the last gasp of section 4.6, without having to catch the signal).
 */
public final class LastWords implements AutoCloseable {
    /** At no record: before the first, after the last. */
    public static final long NONE = -1;

    private static final ValueLayout.OfLong LAYOUT = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment mapped;

    private LastWords(FileChannel channel) throws IOException {
        mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES, arena);
    }

    /**
     * Makes the file.
     *
     * @throws IOException also when the directory is gone: the job has ended
     */
    public static LastWords in(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new LastWords(channel);
        } catch (NoSuchFileException e) {
            throw new IOException("the output directory is gone: the job has ended", e);
        }
    }

    /** What an attempt left behind; {@link #NONE} also when it left nothing. */
    public static long read(Path file) throws IOException {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return bytes.length < Long.BYTES ? NONE : ByteBuffer.wrap(bytes).getLong() - 1;
        } catch (NoSuchFileException e) {
            return NONE;
        }
    }

    /** One more is written, since a new file has zeros. */
    void at(long record) {
        mapped.set(LAYOUT, 0, record + 1);
    }

    /** The file stays. */
    @Override
    public void close() {
        arena.close();
    }
}
