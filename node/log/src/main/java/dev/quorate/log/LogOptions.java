package dev.quorate.log;

/**
 * How the log uses disk and memory.
 *
 * @param segmentSizeBytes size of a segment; one append that is larger gets a larger segment of its own
 * @param cacheBytes bytes of the newest entries that are kept in memory (each counts {@link dev.quorate.raft.Entry#sizeBytes})
 * @param recycledSegments most segments that wait for their next use; any more are deleted
 */
public record LogOptions(long segmentSizeBytes, long cacheBytes, int recycledSegments) {
    /** Smallest segment: room for the control frames that every segment must be able to take. */
    public static final long MIN_SEGMENT_SIZE_BYTES = 16 << 10;

    public LogOptions {
        if (segmentSizeBytes < MIN_SEGMENT_SIZE_BYTES || segmentSizeBytes > 1L << 33) {
            throw new IllegalArgumentException("segmentSizeBytes must be 16 KiB to 8 GiB, not " + segmentSizeBytes);
        }
        if (cacheBytes < 0 || recycledSegments < 0) {
            throw new IllegalArgumentException("cacheBytes and recycledSegments must not be negative");
        }
    }

    /** Segments of 64 MiB, 32 MiB of entries in memory, two segments kept for their next use. */
    public static LogOptions defaults() {
        return new LogOptions(64 << 20, 32 << 20, 2);
    }
}
