package dev.quorate.mapreduce.format;

import dev.quorate.mapreduce.Split;
import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** The lines of a split of a file, as ranges of its buffer. */
final class LineReader implements Closeable {
    /** Longest line. */
    static final int LINE_BYTES_MAX = 64 << 20;

    private static final int BUFFER_BYTES = 256 << 10;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LINE_FEEDS = 0x0A0A0A0A0A0A0A0AL;
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final Split split;
    private final FileChannel channel;
    private byte[] buffer = new byte[BUFFER_BYTES];
    /** Where the buffer's first byte is in the file. */
    private long bufferOffset;

    private int bufferEnd;
    /** In the buffer, where the next line starts. */
    private int at;

    private int lineStart;
    private int lineEnd;

    LineReader(Split split) throws IOException {
        this.split = split;
        this.channel = FileChannel.open(Path.of(split.source()), StandardOpenOption.READ);
        bufferOffset = Math.max(split.start() - 1, 0);
        if (split.start() > 0) {
            next();
        }
    }

    /** Goes to the next line that starts in the split. */
    boolean next() throws IOException {
        lineStart = at;
        if (bufferOffset + at >= split.end()) {
            return false;
        }
        int scanned = at;
        int feed;
        while ((feed = lineFeed(scanned)) < 0) {
            scanned = bufferEnd - lineStart;
            if (!fill()) {
                at = bufferEnd;
                lineEnd = bufferEnd;
                return lineEnd > lineStart;
            }
        }
        at = feed + 1;
        lineEnd = feed > lineStart && buffer[feed - 1] == '\r' ? feed - 1 : feed;
        return true;
    }

    /** Where the first line feed from a place on is; negative when there is none. Looks at eight bytes at a time. */
    private int lineFeed(int from) {
        int i = from;
        for (; i + Long.BYTES <= bufferEnd; i += Long.BYTES) {
            long zeroWhereFeed = (long) LONG.get(buffer, i) ^ LINE_FEEDS;
            long found = (zeroWhereFeed - LOW_BITS) & ~zeroWhereFeed & HIGH_BITS;
            if (found != 0) {
                return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        for (; i < bufferEnd; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Moves the line begun to the buffer's front and reads on behind it. False at the end of the file. */
    private boolean fill() throws IOException {
        int begun = bufferEnd - lineStart;
        if (begun == buffer.length) {
            if (begun >= LINE_BYTES_MAX) {
                throw new IOException("a line of more than " + LINE_BYTES_MAX + " bytes at byte "
                        + (bufferOffset + lineStart) + " of " + split.source());
            }
            buffer = Arrays.copyOf(buffer, 2 * begun);
        } else {
            System.arraycopy(buffer, lineStart, buffer, 0, begun);
        }
        bufferOffset += lineStart;
        lineStart = 0;
        bufferEnd = begun;
        int count = channel.read(ByteBuffer.wrap(buffer, begun, buffer.length - begun), bufferOffset + begun);
        bufferEnd += Math.max(count, 0);
        return count > 0;
    }

    byte[] array() {
        return buffer;
    }

    int start() {
        return lineStart;
    }

    int end() {
        return lineEnd;
    }

    /** Where the present line starts in the file. */
    long offset() {
        return bufferOffset + lineStart;
    }

    double progress() {
        double read = (double) (bufferOffset + at - split.start()) / (split.end() - split.start());
        return Math.clamp(read, 0, 1);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
