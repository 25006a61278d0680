package dev.quorate.log;

import dev.quorate.raft.Entry;
import dev.quorate.raft.HardState;
import dev.quorate.raft.SnapshotMeta;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A frame as it lies in a buffer; moved from one to the next, so that reading a log makes no garbage beside its entries. */
final class FrameView {
    private static final Entry.Type[] ENTRY_TYPES = Entry.Type.values();

    private final CRC32C crc = new CRC32C();
    private ByteBuffer buffer;
    private int start;

    /** Whether the header here, unverified, claims to be at this LSN and has a length that can be. */
    static boolean plausible(ByteBuffer buffer, int start, long lsn) {
        int lengthBytes = buffer.getInt(start + Frame.LENGTH);
        return buffer.getLong(start + Frame.LSN) == lsn
                && lengthBytes >= Frame.HEADER_BYTES
                && lengthBytes <= Frame.MAX_BYTES;
    }

    /**
     * Moves to the frame at a place in a little-endian buffer.
     *
     * @return whether a whole and valid frame that was written for this LSN lies there
     */
    boolean at(ByteBuffer source, int position, long lsn, int salt) {
        buffer = source;
        start = position;
        int available = source.limit() - position;
        if (available < Frame.HEADER_BYTES || !plausible(source, position, lsn) || sizeBytes() > available) {
            return false;
        }
        int limit = source.limit();
        crc.reset();
        crc.update(source.limit(position + (int) sizeBytes()).position(position + Frame.LENGTH));
        source.limit(limit);
        return ((int) crc.getValue() ^ salt) == source.getInt(position + Frame.CRC);
    }

    private int lengthBytes() {
        return buffer.getInt(start + Frame.LENGTH);
    }

    /** Bytes the frame takes in the segment. */
    long sizeBytes() {
        return Frame.align(lengthBytes());
    }

    /** Null for a type that this version doesn't know. */
    Frame.Type type() {
        return Frame.Type.of(buffer.get(start + Frame.TYPE));
    }

    int timeline() {
        return buffer.getInt(start + Frame.TIMELINE);
    }

    long durableLsn() {
        return buffer.getLong(start + Frame.DURABLE_LSN);
    }

    long entryIndex() {
        return buffer.getLong(start + Frame.HEADER_BYTES);
    }

    long entryTerm() {
        return buffer.getLong(start + Frame.HEADER_BYTES + Long.BYTES);
    }

    Entry entry() {
        byte[] data = new byte[lengthBytes() - Frame.HEADER_BYTES - Frame.ENTRY_BYTES];
        buffer.get(start + Frame.HEADER_BYTES + Frame.ENTRY_BYTES, data);
        return new Entry(entryIndex(), entryTerm(), ENTRY_TYPES[buffer.get(start + Frame.VARIANT)], data);
    }

    HardState hardState() {
        return Frame.getHardState(payload());
    }

    long lastKeptIndex() {
        return payload().getLong();
    }

    /** Of a compaction or a reset. */
    long oldestLsn() {
        return payload().getLong();
    }

    /** Of a compaction or a reset. */
    SnapshotMeta base() {
        ByteBuffer payload = payload();
        payload.getLong();
        return base(payload);
    }

    /** Of a segment's first frame; null when the file is of another format. */
    LogState state() {
        ByteBuffer payload = payload();
        if (payload.getLong() != Frame.MAGIC) {
            return null;
        }
        int salt = payload.getInt();
        payload.getInt();
        HardState hardState = Frame.getHardState(payload);
        long lastIndex = payload.getLong();
        long oldestLsn = payload.getLong();
        return new LogState(salt, hardState, base(payload), lastIndex, oldestLsn);
    }

    private static SnapshotMeta base(ByteBuffer payload) {
        return new SnapshotMeta(payload.getLong(), payload.getLong(), Frame.getMembership(payload));
    }

    private ByteBuffer payload() {
        return buffer.slice(start + Frame.HEADER_BYTES, lengthBytes() - Frame.HEADER_BYTES)
                .order(buffer.order());
    }
}
