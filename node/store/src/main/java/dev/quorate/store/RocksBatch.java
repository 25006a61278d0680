package dev.quorate.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.rocksdb.WriteBatch;

/**
 * A batch in RocksDB's own encoding, gathered here and handed over at once: a native call for each change would cost more than the change. The encoding
 * (write_batch.cc) is stable, since it is what RocksDB's log holds: a sequence number (8 bytes, filled in later), the count (4 bytes, little-endian), then
 * for each change a tag and its strings, each after its length as a varint.
 */
final class RocksBatch implements Rows.Batch {
    private static final int COUNT_AT = 8;
    private static final int HEADER_BYTES = 12;
    private static final int TAG_AND_LENGTHS_BYTES = 11;

    private static final byte DELETION = 0x0;
    private static final byte VALUE = 0x1;
    private static final byte RANGE_DELETION = 0xF;

    private final Buffers buffers;
    private byte[] buffer;
    private int size = HEADER_BYTES;
    private int count;
    private final DroppedRanges dropped;
    private final List<KeyRange> marked = new ArrayList<>(0);
    private final List<KeyRange> unmarked = new ArrayList<>(0);

    RocksBatch(Buffers buffers, DroppedRanges dropped) {
        this.buffers = buffers;
        this.dropped = dropped;
        buffer = buffers.take();
    }

    /** Keeps the buffer of the last batch for the next, unless that was a large one. */
    static final class Buffers {
        private static final int FIRST_BYTES = 4 << 10;
        private static final int KEPT_BYTES_MAX = 1 << 20;

        private final AtomicReference<byte[]> kept = new AtomicReference<>();

        private byte[] take() {
            byte[] buffer = kept.getAndSet(null);
            return buffer == null ? new byte[FIRST_BYTES] : buffer;
        }

        private void giveBack(byte[] buffer) {
            if (buffer.length <= KEPT_BYTES_MAX) {
                kept.set(buffer);
            }
        }
    }

    @Override
    public void put(byte[] key, byte[] value) {
        begin(VALUE, key.length + value.length);
        add(key);
        add(value);
    }

    @Override
    public void put(byte[] key, Rows.Content value) {
        int valueBytes = value.sizeBytes();
        begin(VALUE, key.length + valueBytes);
        add(key);
        addLength(valueBytes);
        value.copyTo(buffer, size);
        size += valueBytes;
    }

    @Override
    public void put(byte[] key, byte[] source, int valueAt, int valueSizeBytes) {
        begin(VALUE, key.length + valueSizeBytes);
        add(key);
        addLength(valueSizeBytes);
        System.arraycopy(source, valueAt, buffer, size, valueSizeBytes);
        size += valueSizeBytes;
    }

    @Override
    public void delete(byte[] key) {
        begin(DELETION, key.length);
        add(key);
    }

    @Override
    public void deleteRange(KeyRange range) {
        begin(RANGE_DELETION, range.from().length + range.to().length);
        add(range.from());
        add(range.to());
    }

    @Override
    public void dropRanges(List<KeyRange> ranges) {
        Map<Boolean, List<KeyRange>> byLarge = dropped.byLarge(ranges);
        byLarge.get(false).forEach(this::deleteRange);
        for (KeyRange range : byLarge.get(true)) {
            put(Keys.dropMark(range), range.to());
            marked.add(range);
        }
    }

    @Override
    public void deleteDropped(KeyRange range) {
        deleteRange(range);
        delete(Keys.dropMark(range));
        unmarked.add(range);
    }

    /** Whether it has to do with {@link DroppedRanges}. */
    boolean drops() {
        return !marked.isEmpty() || !unmarked.isEmpty();
    }

    List<KeyRange> marked() {
        return marked;
    }

    List<KeyRange> unmarked() {
        return unmarked;
    }

    private void begin(byte tag, int bytes) {
        int needed = size + TAG_AND_LENGTHS_BYTES + bytes;
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, 2 * buffer.length));
        }
        buffer[size++] = tag;
        count++;
    }

    private void addLength(int bytes) {
        int length = bytes;
        while (length > 0x7f) {
            buffer[size++] = (byte) (length | 0x80);
            length >>>= 7;
        }
        buffer[size++] = (byte) length;
    }

    private void add(byte[] bytes) {
        addLength(bytes.length);
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
    }

    int sizeBytes() {
        return size;
    }

    int count() {
        return count;
    }

    /** As RocksDB takes it; the caller closes it. */
    WriteBatch encoded() {
        for (int i = 0; i < Integer.BYTES; i++) {
            buffer[COUNT_AT + i] = (byte) (count >>> (8 * i));
        }
        return new WriteBatch(Arrays.copyOf(buffer, size));
    }

    @Override
    public void close() {
        buffers.giveBack(buffer);
        buffer = null;
    }
}
