package dev.quorate.log;

import dev.quorate.raft.Entry;
import dev.quorate.raft.HardState;
import dev.quorate.raft.SnapshotMeta;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Encodes a batch of frames into one buffer, which is used again and again. */
final class FrameWriter {
    private static final int KEPT_BYTES = 8 << 20;

    private final int salt;
    private final CRC32C crc = new CRC32C();
    private ByteBuffer buffer = allocate(64 << 10);
    private long startLsn;
    private long durableLsn;
    private int timeline;

    FrameWriter(int salt) {
        this.salt = salt;
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Begins a batch of frames whose first lies at an LSN. */
    void begin(long lsn, long durableLsn, int timeline, int sizeBytes) {
        if (sizeBytes > buffer.capacity()) {
            buffer = allocate(Math.max(sizeBytes, Math.min(KEPT_BYTES, 2 * buffer.capacity())));
        }
        buffer.clear();
        this.startLsn = lsn;
        this.durableLsn = durableLsn;
        this.timeline = timeline;
    }

    /** Where the next frame will lie. */
    long lsn() {
        return startLsn + buffer.position();
    }

    void entry(Entry entry) {
        int frame = beginFrame(Frame.Type.ENTRY, entry.type().ordinal());
        buffer.putLong(entry.index()).putLong(entry.term()).put(entry.data());
        endFrame(frame);
    }

    void hardState(HardState hardState) {
        int frame = beginFrame(Frame.Type.HARD_STATE, 0);
        Frame.putHardState(buffer, hardState);
        endFrame(frame);
    }

    void truncation(long lastKeptIndex) {
        int frame = beginFrame(Frame.Type.TRUNCATION, 0);
        buffer.putLong(lastKeptIndex);
        endFrame(frame);
    }

    /** The log starts after a base now: by compaction or by a reset. */
    void base(Frame.Type type, SnapshotMeta base, long oldestLsn) {
        int frame = beginFrame(type, 0);
        buffer.putLong(oldestLsn);
        putBase(base);
        endFrame(frame);
    }

    static long baseBytes(SnapshotMeta base) {
        return 3L * Long.BYTES + Frame.membershipBytes(base.membership());
    }

    void segment(LogState state) {
        int frame = beginFrame(Frame.Type.SEGMENT, 0);
        buffer.putLong(Frame.MAGIC).putInt(state.salt()).putInt(0);
        Frame.putHardState(buffer, state.hardState());
        buffer.putLong(state.lastIndex()).putLong(state.oldestLsn());
        putBase(state.base());
        endFrame(frame, 0);
    }

    static long segmentBytes(LogState state) {
        return 4L * Long.BYTES + Frame.HARD_STATE_BYTES + baseBytes(state.base()) - Long.BYTES;
    }

    void mark() {
        endFrame(beginFrame(Frame.Type.MARK, 0));
    }

    void end() {
        endFrame(beginFrame(Frame.Type.END, 0));
    }

    private void putBase(SnapshotMeta base) {
        buffer.putLong(base.index()).putLong(base.term());
        Frame.putMembership(buffer, base.membership());
    }

    private int beginFrame(Frame.Type type, int variant) {
        int start = buffer.position();
        buffer.putLong(start, 0)
                .putLong(start + Frame.LSN, startLsn + start)
                .putLong(start + Frame.DURABLE_LSN, durableLsn)
                .putInt(start + Frame.TIMELINE, timeline)
                .putInt(start + Frame.TYPE, 0)
                .put(start + Frame.TYPE, type.code)
                .put(start + Frame.VARIANT, (byte) variant)
                .position(start + Frame.HEADER_BYTES);
        return start;
    }

    private void endFrame(int start) {
        endFrame(start, salt);
    }

    /** A segment's first frame tells the salt, so it can't be salted itself. */
    private void endFrame(int start, int salt) {
        buffer.putInt(start + Frame.LENGTH, buffer.position() - start);
        while (buffer.position() % Frame.ALIGNMENT != 0) {
            buffer.put((byte) 0);
        }
        int end = buffer.position();
        crc.reset();
        crc.update(buffer.position(start + Frame.LENGTH).limit(end));
        buffer.limit(buffer.capacity());
        buffer.putInt(start + Frame.CRC, (int) crc.getValue() ^ salt);
    }

    /** The batch, ready to be written. */
    ByteBuffer finish() {
        return buffer.flip();
    }
}
