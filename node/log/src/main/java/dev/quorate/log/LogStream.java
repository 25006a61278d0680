package dev.quorate.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;

/**
 * The writing end of the log: a stream of frames over segments. An LSN is a position in it, and goes on from segment to segment. Only the
 * last segment ever has bytes that are not durable. Not safe for more than one thread.
 */
final class LogStream {
    /** Room in every segment that entries leave for control frames, so that a full disk can still be compacted. */
    static final int RESERVE_BYTES = 4 << 10;

    private static final long END_BYTES = Frame.sizeBytes(0);
    private static final int ALLOCATION_STEP_BYTES = 4 << 20;
    private static final int REWRITE_BYTES = 256 << 10;

    private final SegmentFiles files;
    private final LogOptions options;
    private final LogIndex index;
    private final Supplier<LogState> state;
    private final FrameWriter frames;

    private Segment segment;
    private long allocatedBytes;
    private long endLsn;
    private long durableLsn;
    private int timeline;
    private IOException failure;

    /**
     * @param index learns of every new segment
     * @param state what a new segment begins with
     */
    LogStream(SegmentFiles files, LogOptions options, LogIndex index, Supplier<LogState> state) {
        this.files = files;
        this.options = options;
        this.index = index;
        this.state = state;
        this.frames = new FrameWriter(state.get().salt());
    }

    /** Starts the stream of a new log. */
    void create() throws IOException {
        startSegment(0, RESERVE_BYTES + END_BYTES);
    }

    /**
     * Goes on where a recovered stream ends. The mark overwrites what was cut, on a timeline of its own.
     *
     * @param recovered segments, in order
     * @param lastDurableLsn highest durable mark
     */
    void resume(List<Segment> recovered, long end, long lastDurableLsn, int lastTimeline) throws IOException {
        segment = recovered.getLast();
        allocatedBytes = segment.file().size();
        endLsn = end;
        timeline = lastTimeline + 1;
        rewriteUndurable(recovered, lastDurableLsn);
        durableLsn = end;
        mark();
        sync();
    }

    /**
     * What may not be durable is written again before it is forced: the page cache may hold what an fsync of an earlier process failed to write,
     * and the kernel does not try again.
     */
    private void rewriteUndurable(List<Segment> recovered, long lastDurableLsn) throws IOException {
        for (int i = 0; i < recovered.size(); i++) {
            long start = Math.max(lastDurableLsn, recovered.get(i).baseLsn());
            long end = i + 1 < recovered.size() ? recovered.get(i + 1).baseLsn() : endLsn;
            if (start < end) {
                rewrite(recovered.get(i), start, end);
            }
        }
    }

    private void rewrite(Segment target, long start, long end) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect((int) Math.min(REWRITE_BYTES, end - start));
        for (long lsn = start; lsn < end; lsn += chunk.limit()) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), end - lsn));
            target.file().read(chunk, lsn - target.baseLsn());
            target.file().write(chunk.flip(), lsn - target.baseLsn());
        }
        target.file().force();
    }

    long endLsn() {
        return endLsn;
    }

    /** Where the stream is durable. */
    long durableLsn() {
        return durableLsn;
    }

    /**
     * Begins a batch, which will lie in one segment.
     *
     * @param sizeBytes of all its frames
     * @param reserve whether it may use the room that entries leave
     * @throws LogFullException when there is no space; nothing was changed
     */
    FrameWriter begin(long sizeBytes, boolean reserve) throws IOException {
        requireUsable();
        long kept = END_BYTES + (reserve ? 0 : RESERVE_BYTES);
        try {
            if (endLsn - segment.baseLsn() + sizeBytes + kept > segment.capacityBytes()) {
                roll(sizeBytes + RESERVE_BYTES + END_BYTES);
            }
            allocate(endLsn - segment.baseLsn() + sizeBytes + kept);
        } catch (LogFullException e) {
            throw e;
        } catch (IOException e) {
            throw failed(e);
        }
        frames.begin(endLsn, durableLsn, timeline, Math.toIntExact(sizeBytes));
        return frames;
    }

    /** Writes the batch. On a full disk the stream stays as it was. */
    void write() throws IOException {
        try {
            writeBatch();
        } catch (LogFullException e) {
            disownBatch();
            throw e;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void writeBatch() throws IOException {
        ByteBuffer batch = frames.finish();
        int sizeBytes = batch.remaining();
        segment.file().write(batch, endLsn - segment.baseLsn());
        endLsn += sizeBytes;
    }

    /**
     * Part of a batch that the caller is told was not applied may be in the file. A durable mark overwrites its start, so that no recovery takes
     * it for appended.
     */
    private void disownBatch() throws IOException {
        timeline++;
        try {
            mark();
            sync();
        } catch (LogFullException e) {
            throw failed(e);
        }
    }

    /** Writes a frame that carries nothing but the timeline and the durable mark. */
    void mark() throws IOException {
        begin(Frame.sizeBytes(0), true).mark();
        try {
            writeBatch();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Makes all that was written durable. */
    void sync() throws IOException {
        requireUsable();
        if (durableLsn < endLsn) {
            try {
                segment.file().force();
            } catch (IOException e) {
                throw failed(e);
            }
            durableLsn = endLsn;
        }
    }

    /**
     * Goes on in a new segment. The new segment is durable before the end frame is written, and the end frame before anything that follows the
     * new segment's first frame: an end frame without a next segment is damage.
     */
    private void roll(long roomBytes) throws IOException {
        sync();
        Segment last = segment;
        long end = endLsn;
        startSegment(end + END_BYTES, roomBytes);
        frames.begin(end, end, timeline, (int) END_BYTES);
        frames.end();
        try {
            last.file().write(frames.finish(), end - last.baseLsn());
            last.file().force();
        } catch (IOException e) {
            throw failed(e);
        }
        durableLsn = endLsn;
    }

    private void startSegment(long baseLsn, long roomBytes) throws IOException {
        LogState now = state.get();
        long firstFrameBytes = Frame.sizeBytes(FrameWriter.segmentBytes(now));
        frames.begin(baseLsn, durableLsn, timeline, (int) firstFrameBytes);
        frames.segment(now);
        long neededBytes = firstFrameBytes + roomBytes;
        long capacityBytes = Math.max(options.segmentSizeBytes(), neededBytes);
        long allocated = Math.max(Math.min(capacityBytes, ALLOCATION_STEP_BYTES), neededBytes);
        segment = files.make(baseLsn, capacityBytes, allocated, frames.finish());
        allocatedBytes = segment.file().size();
        endLsn = baseLsn + firstFrameBytes;
        index.startSegment(segment);
    }

    private void allocate(long sizeBytes) throws IOException {
        if (sizeBytes > allocatedBytes) {
            long target =
                    Math.min(segment.capacityBytes(), Math.max(sizeBytes, allocatedBytes + ALLOCATION_STEP_BYTES));
            SegmentFiles.allocate(segment.file(), allocatedBytes, target);
            allocatedBytes = target;
        }
    }

    private void requireUsable() throws LogFailedException {
        if (failure != null) {
            throw new LogFailedException(failure);
        }
    }

    private LogFailedException failed(IOException e) {
        if (failure == null) {
            failure = e;
        }
        return new LogFailedException(failure);
    }
}
