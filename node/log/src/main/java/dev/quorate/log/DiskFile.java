package dev.quorate.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * A file of the file system. An interrupt closes a {@link FileChannel}, so readers have a channel apart from the writer's: an interrupted
 * reader costs the next one a reopening, and never fails a write. An interrupt that is pending when a write begins is put aside until it ends.
 */
final class DiskFile implements SegmentFile {
    private final Path path;
    private final FileChannel writer;
    private volatile FileChannel reader;

    DiskFile(Path path, OpenOption... options) throws IOException {
        this.path = path;
        this.writer = FileChannel.open(path, options);
        this.reader = FileChannel.open(path, StandardOpenOption.READ);
    }

    @Override
    public void read(ByteBuffer target, long offset) throws IOException {
        int start = target.position();
        while (true) {
            FileChannel channel = reader;
            try {
                readFully(channel, target.position(start), offset);
                return;
            } catch (ClosedChannelException e) {
                reopen(channel);
                if (e instanceof ClosedByInterruptException) {
                    throw e;
                }
            }
        }
    }

    private static void readFully(FileChannel channel, ByteBuffer target, long offset) throws IOException {
        long at = offset;
        while (target.hasRemaining()) {
            int count = channel.read(target, at);
            if (count < 0) {
                return;
            }
            at += count;
        }
    }

    /** Replaces a read channel that some reader's interrupt closed; fails when the file itself was closed. */
    private synchronized void reopen(FileChannel closed) throws IOException {
        if (!writer.isOpen()) {
            throw new ClosedChannelException();
        }
        if (reader == closed) {
            reader = FileChannel.open(path, StandardOpenOption.READ);
        }
    }

    @Override
    public void write(ByteBuffer source, long offset) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            long at = offset;
            while (source.hasRemaining()) {
                at += writer.write(source, at);
            }
        } catch (IOException e) {
            throw isFull(e) ? new LogFullException(path.toString(), e) : e;
        } finally {
            restore(interrupted);
        }
    }

    @Override
    public void force() throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            writer.force(false);
        } finally {
            restore(interrupted);
        }
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Java has no type for ENOSPC and EDQUOT, only their text. */
    private static boolean isFull(IOException e) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("no space left") || text.contains("quota exceeded");
    }

    @Override
    public long size() throws IOException {
        return writer.size();
    }

    @Override
    public synchronized void close() throws IOException {
        writer.close();
        reader.close();
    }
}
