package dev.quorate.raft;

/**
 * Batches of entries that were sent and not answered yet, bounded by count and by bytes. A ring that grows up to the bound, so that an idle
 * peer costs nothing.
 */
final class InflightWindow {
    private static final int INITIAL_CAPACITY = 8;

    private final int maxCount;
    private final long maxBytes;
    private long[] lastIndexes = new long[0];
    private long[] sizesBytes = new long[0];
    private int head;
    private int count;
    private long totalBytes;

    InflightWindow(int maxCount, long maxBytes) {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
    }

    /** Full by count or by bytes. The batch that crosses the byte bound is let in, so a batch greater than the bound can be sent at all. */
    boolean isFull() {
        return count == maxCount || totalBytes >= maxBytes;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** A batch that ends with this index was sent. */
    void add(long lastIndex, long sizeBytes) {
        InvariantViolation.check(!isFull(), "a batch was sent into a full window", count, totalBytes);
        if (count == lastIndexes.length) {
            grow();
        }
        int slot = (head + count) % lastIndexes.length;
        lastIndexes[slot] = lastIndex;
        sizesBytes[slot] = sizeBytes;
        count++;
        totalBytes += sizeBytes;
    }

    /** Everything up to and with this index was answered. */
    void freeTo(long index) {
        while (count > 0 && lastIndexes[head] <= index) {
            totalBytes -= sizesBytes[head];
            head = (head + 1) % lastIndexes.length;
            count--;
        }
    }

    void clear() {
        head = 0;
        count = 0;
        totalBytes = 0;
    }

    private void grow() {
        int capacity = Math.min(maxCount, Math.max(INITIAL_CAPACITY, 2 * lastIndexes.length));
        lastIndexes = unrolled(lastIndexes, capacity);
        sizesBytes = unrolled(sizesBytes, capacity);
        head = 0;
    }

    private long[] unrolled(long[] ring, int capacity) {
        long[] grown = new long[capacity];
        System.arraycopy(ring, head, grown, 0, ring.length - head);
        System.arraycopy(ring, 0, grown, ring.length - head, head);
        return grown;
    }
}
