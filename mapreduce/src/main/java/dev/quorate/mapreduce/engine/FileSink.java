package dev.quorate.mapreduce.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file, written through a buffer by one thread. What goes wrong, such as a full disk, names the file. */
public final class FileSink extends OutputStream {
    private static final int BUFFER_BYTES = 256 << 10;

    private final Path path;
    private final boolean durable;
    private final FileChannel channel;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int length;
    private IOException failure;

    /**
     * @param durable whether closing it waits until it is on the disk
     */
    public FileSink(Path path, boolean durable) throws IOException {
        this.path = path;
        this.durable = durable;
        channel = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
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
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private IOException failed(IOException cause) {
        failure = new IOException("can't write " + path + ": " + cause.getMessage(), cause);
        return failure;
    }

    /** What writing failed with; null when it did not. */
    public IOException failure() {
        return failure;
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            if (channel.isOpen() && failure == null) {
                flush();
                force();
            }
        }
    }

    private void force() throws IOException {
        try {
            if (durable) {
                channel.force(false);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
