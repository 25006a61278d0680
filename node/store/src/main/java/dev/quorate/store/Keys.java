package dev.quorate.store;

import com.google.protobuf.ByteString;
import dev.quorate.store.proto.ShardRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The layout of RocksDB's keys; the package's manual draws it. Numbers are big-endian and never negative, so that the order of bytes is the
 * order of numbers.
 */
final class Keys {
    static final int SHARDS_MAX = 16384;

    static final byte[] FORMAT = {0, 1};
    static final byte[] APPLIED = {0, 2};
    static final byte[] MEMBERSHIP = {0, 3};
    static final byte[] MAP = {0, 4};
    static final byte[] GROUP_MEMBERS = {0, 5};
    static final byte[] WRITTEN_BACK = {0, 6};

    private static final byte RECORD = 1;
    private static final byte DATA = 2;
    private static final byte DEADLINE = 3;
    private static final byte SESSION = 4;
    private static final byte TAIL = 5;
    private static final byte DROP_MARK = 6;

    /** Of rows that belong to a shard's incarnation. */
    private static final byte[] KINDS = {DATA, DEADLINE, SESSION, TAIL};

    /** Of those, what moves with the shard; the rest follows from it. */
    private static final byte[] MOVING_KINDS = {DATA, SESSION};

    /** Bytes before the key of a data entry: kind, shard, incarnation. */
    private static final int DATA_PREFIX_BYTES = 1 + 2 + 8;

    /** Bytes before the key of a deadline's entry: those of a data entry, and the deadline. */
    private static final int DEADLINE_PREFIX_BYTES = DATA_PREFIX_BYTES + 8;

    private Keys() {}

    /** The state. */
    static KeyRange all() {
        return new KeyRange(new byte[0], new byte[] {TAIL + 1});
    }

    /** Marks of dropped ranges, which are no part of the state: each member has its own. */
    static KeyRange dropMarks() {
        return new KeyRange(new byte[] {DROP_MARK}, new byte[] {DROP_MARK + 1});
    }

    /** Its value is the end of the range. */
    static byte[] dropMark(KeyRange range) {
        return ByteBuffer.allocate(1 + range.from().length)
                .put(DROP_MARK)
                .put(range.from())
                .array();
    }

    static byte[] firstDropped(byte[] dropMark) {
        return Arrays.copyOfRange(dropMark, 1, dropMark.length);
    }

    /** Of {@link ShardRecord}s, in the order of shards. */
    static KeyRange records() {
        return new KeyRange(new byte[] {RECORD}, new byte[] {RECORD + 1});
    }

    static byte[] record(int shard) {
        return new byte[] {RECORD, (byte) (shard >>> 8), (byte) shard};
    }

    static int shardOf(byte[] entryKey) {
        return (entryKey[1] & 0xff) << 8 | entryKey[2] & 0xff;
    }

    static long incarnationOf(byte[] dataKey) {
        return ByteBuffer.wrap(dataKey).getLong(3);
    }

    static byte[] data(int shard, long incarnation, byte[] key) {
        return prefix(DATA, shard, incarnation, DATA_PREFIX_BYTES + key.length)
                .put(key)
                .array();
    }

    static byte[] data(int shard, long incarnation, ByteString key) {
        ByteBuffer buffer = prefix(DATA, shard, incarnation, DATA_PREFIX_BYTES + key.size());
        key.copyTo(buffer.array(), DATA_PREFIX_BYTES);
        return buffer.array();
    }

    /** @param source where the key is */
    static byte[] data(int shard, long incarnation, byte[] source, int keyAt, int keySize) {
        return prefix(DATA, shard, incarnation, DATA_PREFIX_BYTES + keySize)
                .put(source, keyAt, keySize)
                .array();
    }

    /** The user's key of a data entry. */
    static byte[] userKey(byte[] dataKey) {
        return Arrays.copyOfRange(dataKey, DATA_PREFIX_BYTES, dataKey.length);
    }

    /** All data of a shard's incarnation. */
    static KeyRange data(int shard, long incarnation) {
        return range(DATA, shard, incarnation);
    }

    /** All data of all shards. */
    static KeyRange data() {
        return new KeyRange(new byte[] {DATA}, new byte[] {DATA + 1});
    }

    /** Data of a shard's incarnation beyond a row. */
    static KeyRange dataAfter(int shard, long incarnation, ByteString moving) {
        KeyRange all = data(shard, incarnation);
        if (moving.isEmpty()) {
            return all;
        }
        return isData(moving.byteAt(0))
                ? all.after(arrived(shard, incarnation, moving.toByteArray()))
                : new KeyRange(all.to(), all.to());
    }

    /** All rows of a shard's incarnation, kind by kind, in the order of keys. */
    static List<KeyRange> rows(int shard, long incarnation) {
        return ranges(KINDS, shard, incarnation);
    }

    /** Those of them that move with the shard. */
    static List<KeyRange> movingRows(int shard, long incarnation) {
        return ranges(MOVING_KINDS, shard, incarnation);
    }

    private static List<KeyRange> ranges(byte[] kinds, int shard, long incarnation) {
        List<KeyRange> ranges = new ArrayList<>(kinds.length);
        for (byte kind : kinds) {
            ranges.add(range(kind, shard, incarnation));
        }
        return ranges;
    }

    /** A row's key as it travels: without the shard and the incarnation. */
    static byte[] moving(byte[] rowKey) {
        byte[] key = Arrays.copyOfRange(rowKey, DATA_PREFIX_BYTES - 1, rowKey.length);
        key[0] = rowKey[0];
        return key;
    }

    static int movingSize(int rowKeySize) {
        return rowKeySize - DATA_PREFIX_BYTES + 1;
    }

    /** The key of a row that has travelled. */
    static byte[] arrived(int shard, long incarnation, byte[] moving) {
        return arrived(shard, incarnation, moving, 0, moving.length);
    }

    /** @param source where the key is, as it travels */
    static byte[] arrived(int shard, long incarnation, byte[] source, int keyAt, int keySize) {
        return prefix(source[keyAt], shard, incarnation, DATA_PREFIX_BYTES + keySize - 1)
                .put(source, keyAt + 1, keySize - 1)
                .array();
    }

    /** Whether a row moves with its shard; by its kind, which its key begins with. */
    static boolean isMoving(byte kind) {
        return Arrays.binarySearch(MOVING_KINDS, kind) >= 0;
    }

    static boolean isData(byte[] rowKey) {
        return isData(rowKey[0]);
    }

    static boolean isData(byte kind) {
        return kind == DATA;
    }

    static byte[] session(int shard, long incarnation, long clientHigh, long clientLow) {
        return prefix(SESSION, shard, incarnation, DATA_PREFIX_BYTES + SessionKey.CLIENT_ID_BYTES)
                .putLong(clientHigh)
                .putLong(clientLow)
                .array();
    }

    /** All sessions of a shard's incarnation. */
    static KeyRange sessions(int shard, long incarnation) {
        return range(SESSION, shard, incarnation);
    }

    /** What an entry changed in a shard that is being copied. */
    static byte[] tail(int shard, long incarnation, long index) {
        return prefix(TAIL, shard, incarnation, DATA_PREFIX_BYTES + 8)
                .putLong(index)
                .array();
    }

    /** The whole tail of a shard's incarnation. */
    static KeyRange tail(int shard, long incarnation) {
        return range(TAIL, shard, incarnation);
    }

    /** All rows of a kind that shards move with, of every shard. */
    static List<KeyRange> movingRows() {
        List<KeyRange> ranges = new ArrayList<>();
        for (byte kind : MOVING_KINDS) {
            ranges.add(new KeyRange(new byte[] {kind}, new byte[] {(byte) (kind + 1)}));
        }
        return ranges;
    }

    /** The first key that could be of an incarnation after this row's, and of its kind. */
    static byte[] afterIncarnation(byte[] rowKey) {
        return range(rowKey[0], shardOf(rowKey), incarnationOf(rowKey)).to();
    }

    /** The deadline entry that goes with a data entry. */
    static byte[] deadline(byte[] dataKey, long deadlineMillis) {
        byte[] key = new byte[dataKey.length + 8];
        System.arraycopy(dataKey, 0, key, 0, DATA_PREFIX_BYTES);
        key[0] = DEADLINE;
        ByteBuffer.wrap(key).putLong(DATA_PREFIX_BYTES, deadlineMillis);
        System.arraycopy(dataKey, DATA_PREFIX_BYTES, key, DEADLINE_PREFIX_BYTES, dataKey.length - DATA_PREFIX_BYTES);
        return key;
    }

    /** All deadline entries of a shard's incarnation. */
    static KeyRange deadlines(int shard, long incarnation) {
        return range(DEADLINE, shard, incarnation);
    }

    /** The deadline entries that are due at a time. */
    static KeyRange deadlinesUntil(int shard, long incarnation, long nowMillis) {
        byte[] to = prefix(DEADLINE, shard, incarnation, DEADLINE_PREFIX_BYTES)
                .putLong(Math.max(nowMillis, 0) + 1)
                .array();
        return new KeyRange(deadlines(shard, incarnation).from(), to);
    }

    static byte[] keyOfDeadline(byte[] deadlineKey) {
        return Arrays.copyOfRange(deadlineKey, DEADLINE_PREFIX_BYTES, deadlineKey.length);
    }

    static long deadlineOf(byte[] deadlineKey) {
        return ByteBuffer.wrap(deadlineKey).getLong(DATA_PREFIX_BYTES);
    }

    private static KeyRange range(byte kind, int shard, long incarnation) {
        return new KeyRange(
                prefix(kind, shard, incarnation, DATA_PREFIX_BYTES).array(),
                prefix(kind, shard, incarnation + 1, DATA_PREFIX_BYTES).array());
    }

    private static ByteBuffer prefix(byte kind, int shard, long incarnation, int sizeBytes) {
        return ByteBuffer.allocate(sizeBytes)
                .order(ByteOrder.BIG_ENDIAN)
                .put(kind)
                .putShort((short) shard)
                .putLong(incarnation);
    }
}
