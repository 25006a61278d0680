package dev.quorate.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes segments, from spare files where there are any, and takes them back. A file gets a segment's name only when its first frame is durable,
 * so under such a name there is always a segment.
 */
final class SegmentFiles {
    private static final String SEGMENT_SUFFIX = ".log";
    private static final String SPARE_SUFFIX = ".spare";

    /** A page: from larger writes the page cache makes larger units, each of which a small append then dirties as a whole. */
    private static final int ZEROS_BYTES = 4 << 10;

    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(ZEROS_BYTES).asReadOnlyBuffer();

    private static final long PREPARED_BYTES = 4 << 20;

    private final LogDirectory directory;
    private final LogOptions options;
    private final Deque<String> spares = new ArrayDeque<>();
    private long lastSpareNumber;

    SegmentFiles(LogDirectory directory, LogOptions options) {
        this.directory = directory;
        this.options = options;
    }

    static String segmentName(long baseLsn) {
        return HexFormat.of().toHexDigits(baseLsn) + SEGMENT_SUFFIX;
    }

    static boolean isSegment(String name) {
        return name.endsWith(SEGMENT_SUFFIX);
    }

    static boolean isSpare(String name) {
        return name.endsWith(SPARE_SUFFIX);
    }

    static long baseLsn(String segmentName) {
        return HexFormat.fromHexDigitsToLong(segmentName, 0, segmentName.length() - SEGMENT_SUFFIX.length());
    }

    /** Takes over the spare files that an earlier process left, as many as may be kept. */
    synchronized void adoptSpares(List<String> names) throws IOException {
        for (String name : names) {
            long number = Long.parseLong(name.substring(0, name.length() - SPARE_SUFFIX.length()));
            lastSpareNumber = Math.max(lastSpareNumber, number);
            if (spares.size() < options.recycledSegments()) {
                spares.addLast(name);
            } else {
                directory.delete(name);
            }
        }
    }

    /**
     * Makes a segment that begins with the given frame; durable on return.
     *
     * @param allocatedBytes size the file has at least
     * @throws LogFullException when there is no space; then nothing is left behind
     */
    synchronized Segment make(long baseLsn, long capacityBytes, long allocatedBytes, ByteBuffer firstFrame)
            throws IOException {
        boolean recycled = !spares.isEmpty();
        String spare = recycled ? spares.removeFirst() : newSpareName();
        try (SegmentFile file = recycled ? directory.open(spare) : directory.create(spare)) {
            allocate(file, file.size(), allocatedBytes);
            file.write(firstFrame, 0);
            file.force();
        } catch (LogFullException e) {
            directory.delete(spare);
            throw e;
        }
        String name = segmentName(baseLsn);
        directory.rename(spare, name);
        directory.sync();
        return new Segment(name, baseLsn, capacityBytes, directory.open(name));
    }

    /** Makes a spare file of a segment's size, unless one waits or none is to be kept. The writer may go on meanwhile. */
    void prepareSpare() throws IOException {
        String name;
        synchronized (this) {
            if (!spares.isEmpty() || options.recycledSegments() == 0) {
                return;
            }
            name = newSpareName();
        }
        try (SegmentFile file = directory.create(name)) {
            // Little by little: a writer's fsync must not wait for all of it.
            for (long at = 0; at < options.segmentSizeBytes(); at += PREPARED_BYTES) {
                allocate(file, at, Math.min(at + PREPARED_BYTES, options.segmentSizeBytes()));
                file.force();
            }
        } catch (LogFullException e) {
            directory.delete(name);
            throw e;
        }
        synchronized (this) {
            spares.addLast(name);
        }
    }

    /** Extends a file with zeros: frames are written over them, so that an fsync has no file size or extents to write. */
    static void allocate(SegmentFile file, long from, long to) throws IOException {
        ByteBuffer zeros = ZEROS.duplicate();
        for (long at = from; at < to; at += zeros.limit()) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), to - at));
            file.write(zeros, at);
        }
    }

    private String newSpareName() {
        lastSpareNumber++;
        return lastSpareNumber + SPARE_SUFFIX;
    }

    /**
     * Takes back segments, oldest first. Each is gone durably before the next one goes: what stays is always a run without gaps, so that a gap is
     * always damage.
     */
    synchronized void release(List<Segment> segments) throws IOException {
        for (Segment segment : segments) {
            if (spares.size() < options.recycledSegments() && segment.capacityBytes() == options.segmentSizeBytes()) {
                String spare = newSpareName();
                directory.rename(segment.name(), spare);
                spares.addLast(spare);
            } else {
                directory.delete(segment.name());
            }
            directory.sync();
            segment.file().close();
        }
    }
}
