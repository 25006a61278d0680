package dev.quorate.mapreduce.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A range of a file as a stream. Opens the file at the first read, so that many may wait their turn. */
public final class FileRange extends InputStream {
    private final Path path;
    private final long end;
    private long at;
    private FileChannel channel;

    public FileRange(Path path, long offset, long bytes) {
        this.path = path;
        this.at = offset;
        this.end = offset + bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (at >= end) {
            return -1;
        }
        if (channel == null) {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        }
        int count = channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, end - at)), at);
        at += Math.max(count, 0);
        return count;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
