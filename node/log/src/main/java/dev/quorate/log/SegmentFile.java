package dev.quorate.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One file of the log. One thread writes; any thread may read. */
public interface SegmentFile extends Closeable {
    /** Reads until the buffer or the file ends. */
    void read(ByteBuffer target, long offset) throws IOException;

    /**
     * Writes all of the buffer; the file grows as needed.
     *
     * @throws LogFullException when there is no space; part of it may be written
     */
    void write(ByteBuffer source, long offset) throws IOException;

    /** Makes the content durable (fdatasync). */
    void force() throws IOException;

    long size() throws IOException;
}
