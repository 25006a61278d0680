package dev.quorate.mapreduce.job;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A new file, written through a buffer by one thread. Closing it makes it durable. */
final class FileSink extends OutputStream {
    private static final int BUFFER_BYTES = 256 << 10;

    private final FileChannel channel;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int length;

    FileSink(Path path) throws IOException {
        channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void write(int value) throws IOException {
        if (length == buffer.length) {
            flush();
        }
        buffer[length++] = (byte) value;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        if (count > buffer.length - length) {
            flush();
            if (count >= buffer.length) {
                channelWrite(ByteBuffer.wrap(bytes, offset, count));
                return;
            }
        }
        System.arraycopy(bytes, offset, buffer, length, count);
        length += count;
    }

    @Override
    public void flush() throws IOException {
        channelWrite(ByteBuffer.wrap(buffer, 0, length));
        length = 0;
    }

    private void channelWrite(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            if (channel.isOpen()) {
                flush();
                channel.force(false);
            }
        }
    }
}
