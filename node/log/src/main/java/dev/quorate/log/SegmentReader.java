package dev.quorate.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads a segment from one end to the other, through a window that moves along. */
final class SegmentReader {
    private static final int WINDOW_BYTES = 1 << 20;

    private final Segment segment;
    private final long sizeBytes;
    private final FrameView frame = new FrameView();
    private ByteBuffer window;
    private long windowOffset;

    SegmentReader(Segment segment) throws IOException {
        this.segment = segment;
        this.sizeBytes = segment.file().size();
        this.window = allocate((int) Math.min(WINDOW_BYTES, sizeBytes)).limit(0);
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The valid frame at an offset, or null; it is good until the next call. */
    FrameView frameAt(long offset, int salt) throws IOException {
        if (!load(offset, Frame.HEADER_BYTES)) {
            return null;
        }
        long lsn = segment.baseLsn() + offset;
        if (!FrameView.plausible(window, (int) (offset - windowOffset), lsn)) {
            return null;
        }
        long frameBytes = Frame.align(window.getInt((int) (offset - windowOffset) + Frame.LENGTH));
        if (!load(offset, frameBytes) || !frame.at(window, (int) (offset - windowOffset), lsn, salt)) {
            return null;
        }
        return frame;
    }

    /** Highest durable mark of the valid frames that lie at or after an offset, wherever they start. */
    long highestMark(long offset, int salt) throws IOException {
        long highest = 0;
        long at = offset;
        while (at + Frame.HEADER_BYTES <= sizeBytes) {
            FrameView found = frameAt(at, salt);
            if (found == null) {
                at += Frame.ALIGNMENT;
            } else {
                highest = Math.max(highest, found.durableLsn());
                at += found.sizeBytes();
            }
        }
        return highest;
    }

    /** Makes sure that bytes are in the window; false when the file ends before. */
    private boolean load(long offset, long bytes) throws IOException {
        if (offset + bytes > sizeBytes) {
            return false;
        }
        if (offset < windowOffset || offset + bytes > windowOffset + window.limit()) {
            if (bytes > window.capacity()) {
                window = allocate((int) bytes);
            }
            segment.file().read(window.clear(), offset);
            window.flip();
            windowOffset = offset;
        }
        return offset + bytes <= windowOffset + window.limit();
    }
}
