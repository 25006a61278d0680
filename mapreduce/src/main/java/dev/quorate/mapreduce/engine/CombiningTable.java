package dev.quorate.mapreduce.engine;

import java.io.IOException;
import java.util.Arrays;

/**
 * A hash table from each key to a chain of its values that are not combined yet. Keys lie in one array, as frames: newest value, partition, length of the key
 * (4 bytes each), key. Values lie in another, as cells: the key's next older value, length (4 bytes each), value. When a new value finds no room, the values of
 * each key are combined into a second array, and the two change places; when that frees less than half, they grow. When the bound of memory does not let them
 * grow, all is sorted and spilled as a run.
 *
 * <p>The arrays start small enough for a processor's cache, and stay so as long as few keys make up the values between two combinings.
 */
public final class CombiningTable implements MapBuffer {
    private static final int FRAME_BYTES = 3 * Integer.BYTES;
    private static final int PARTITION_AT = Integer.BYTES;
    private static final int LENGTH_AT = 2 * Integer.BYTES;
    private static final int CELL_BYTES = 2 * Integer.BYTES;
    private static final int NONE = -1;

    private static final int FIRST_SLOTS = 1 << 14;
    private static final int FIRST_BYTES = 256 << 10;

    private final long boundBytes;
    private final Chain chain = new Chain();
    private Spills spills;
    private PairCombiner combiner;

    /**
     * A key's hash, and in the lower half where its frame is, plus 1; 0 for a free slot. A key is in the first free slot from that of its hash on. With the hash
     * in the slot, the frame of another key is hardly ever looked at.
     */
    private long[] slots = new long[FIRST_SLOTS];

    private byte[] keys = new byte[FIRST_BYTES];
    private int keysEnd;
    private int count;
    private byte[] values = new byte[FIRST_BYTES];
    private int valuesEnd;
    private byte[] spare = new byte[FIRST_BYTES];

    public CombiningTable(long boundBytes) {
        this.boundBytes = boundBytes;
    }

    @Override
    public void begin(Spills taskSpills) {
        spills = taskSpills;
        combiner = taskSpills.combiner().orElseThrow();
        clear();
    }

    private void clear() {
        Arrays.fill(slots, 0);
        keysEnd = 0;
        count = 0;
        valuesEnd = 0;
    }

    @Override
    public void add(int partition, long hash, byte[] pair, int keyLength, int length) throws IOException {
        int cell = CELL_BYTES + length - keyLength;
        if (cell > values.length - valuesEnd) {
            makeRoomForValue(cell);
        }
        int frame = find((int) hash, pair, keyLength);
        if (frame == NONE) {
            frame = insert(partition, (int) hash, pair, keyLength, cell);
        }
        Keys.INT.set(values, valuesEnd, (int) Keys.INT.get(keys, frame));
        Keys.INT.set(values, valuesEnd + Integer.BYTES, length - keyLength);
        System.arraycopy(pair, keyLength, values, valuesEnd + CELL_BYTES, length - keyLength);
        Keys.INT.set(keys, frame, valuesEnd);
        valuesEnd += cell;
    }

    private int find(int hash, byte[] key, int keyLength) {
        int mask = slots.length - 1;
        long slot;
        for (int at = hash & mask; (slot = slots[at]) != 0; at = (at + 1) & mask) {
            if ((int) (slot >>> Integer.SIZE) == hash) {
                int frame = (int) slot - 1;
                int keyStart = frame + FRAME_BYTES;
                if ((int) Keys.INT.get(keys, frame + LENGTH_AT) == keyLength
                        && Arrays.equals(keys, keyStart, keyStart + keyLength, key, 0, keyLength)) {
                    return frame;
                }
            }
        }
        return NONE;
    }

    private int insert(int partition, int hash, byte[] key, int keyLength, int cell) throws IOException {
        if (!roomForKey(FRAME_BYTES + keyLength)) {
            spill();
            if (!roomForKey(FRAME_BYTES + keyLength) || cell > values.length) {
                throw new PairTooLargeException(keyLength + (long) cell, boundBytes);
            }
        }
        int frame = keysEnd;
        Keys.INT.set(keys, frame, NONE);
        Keys.INT.set(keys, frame + PARTITION_AT, partition);
        Keys.INT.set(keys, frame + LENGTH_AT, keyLength);
        System.arraycopy(key, 0, keys, frame + FRAME_BYTES, keyLength);
        keysEnd += FRAME_BYTES + keyLength;
        count++;
        occupy(frame, hash);
        return frame;
    }

    private void occupy(int frame, int hash) {
        int mask = slots.length - 1;
        int at = hash & mask;
        while (slots[at] != 0) {
            at = (at + 1) & mask;
        }
        slots[at] = (long) hash << Integer.SIZE | frame + 1;
    }

    /** What all arrays take, and the index that a spill needs. */
    private long heldBytes() {
        return keys.length
                + (long) slots.length * Long.BYTES
                + values.length
                + spare.length
                + (long) count * FrameIndex.ENTRY_BYTES;
    }

    private boolean roomForKey(int frameBytes) {
        if (2 * (count + 1) > slots.length) {
            if (heldBytes() + (long) slots.length * Long.BYTES > boundBytes) {
                return false;
            }
            long[] old = slots;
            slots = new long[2 * old.length];
            for (long slot : old) {
                if (slot != 0) {
                    occupy((int) slot - 1, (int) (slot >>> Integer.SIZE));
                }
            }
        }
        while (frameBytes > keys.length - keysEnd) {
            if (heldBytes() + keys.length > boundBytes || keys.length > Integer.MAX_VALUE / 2) {
                return false;
            }
            keys = Arrays.copyOf(keys, 2 * keys.length);
        }
        return true;
    }

    private int after(int frame) {
        return frame + FRAME_BYTES + (int) Keys.INT.get(keys, frame + LENGTH_AT);
    }

    private void makeRoomForValue(int cell) throws IOException {
        combineAll();
        while (valuesEnd > values.length / 2 || cell > values.length - valuesEnd) {
            if (heldBytes() + 2L * values.length <= boundBytes && values.length <= Integer.MAX_VALUE / 2) {
                values = Arrays.copyOf(values, 2 * values.length);
                spare = new byte[values.length];
            } else if (count > 0) {
                spill();
            } else {
                throw new PairTooLargeException(cell, boundBytes);
            }
        }
    }

    private void combineAll() throws IOException {
        Appender combined = new Appender();
        for (int frame = 0; frame < keysEnd; frame = after(frame)) {
            int newest = (int) Keys.INT.get(keys, frame);
            combined.newest = NONE;
            chain.begin(newest);
            if ((int) Keys.INT.get(values, newest) == NONE) {
                chain.take();
                combined.value(values, chain.start(), chain.end());
            } else {
                combine(frame, combined);
            }
            Keys.INT.set(keys, frame, combined.newest);
        }
        byte[] old = values;
        values = combined.cells;
        valuesEnd = combined.end;
        spare = old.length == values.length ? old : new byte[values.length];
    }

    private void combine(int frame, PairCombiner.Output out) throws IOException {
        int keyStart = frame + FRAME_BYTES;
        combiner.combine(keys, keyStart, keyStart + (int) Keys.INT.get(keys, frame + LENGTH_AT), chain, out);
    }

    /** Where combined values go: cells in the spare array, linked for one key after the other. */
    private final class Appender implements PairCombiner.Output {
        private byte[] cells = spare;
        private int end;
        private int newest;

        @Override
        public void value(byte[] bytes, int start, int valueEnd) throws IOException {
            int length = valueEnd - start;
            while (CELL_BYTES + length > cells.length - end) {
                // only a combiner that makes more than it takes comes here
                if (cells.length > boundBytes / 2) {
                    throw new PairTooLargeException(length, boundBytes);
                }
                cells = Arrays.copyOf(cells, 2 * cells.length);
            }
            Keys.INT.set(cells, end, newest);
            Keys.INT.set(cells, end + Integer.BYTES, length);
            System.arraycopy(bytes, start, cells, end + CELL_BYTES, length);
            newest = end;
            end += CELL_BYTES + length;
        }
    }

    /** The values of one key, the newest first. */
    private final class Chain implements Values {
        private int nextCell;
        private int cell;

        private void begin(int newest) {
            nextCell = newest;
        }

        @Override
        public boolean hasNext() {
            return nextCell != NONE;
        }

        @Override
        public void take() {
            cell = nextCell;
            nextCell = (int) Keys.INT.get(values, cell);
        }

        @Override
        public byte[] array() {
            return values;
        }

        @Override
        public int start() {
            return cell + CELL_BYTES;
        }

        @Override
        public int end() {
            return start() + (int) Keys.INT.get(values, cell + Integer.BYTES);
        }
    }

    private void spill() throws IOException {
        byte[] entries = new byte[count * FrameIndex.ENTRY_BYTES];
        int at = 0;
        for (int frame = 0; frame < keysEnd; frame = after(frame)) {
            int keyStart = frame + FRAME_BYTES;
            int keyEnd = after(frame);
            int partition = (int) Keys.INT.get(keys, frame + PARTITION_AT);
            FrameIndex.put(entries, at, partition, keyStart, Keys.prefix(keys, keyStart, keyEnd));
            at += FrameIndex.ENTRY_BYTES;
        }
        FrameIndex index = new FrameIndex(keys, entries, 0);
        index.sort(count);
        try (RunWriter run = spills.newRun()) {
            for (int i = 0; i < count; i++) {
                write(index.partition(i), index.keyStart(i), run);
            }
            spills.add(run.finish());
        }
        clear();
    }

    private void write(int partition, int keyStart, RunWriter run) throws IOException {
        int frame = keyStart - FRAME_BYTES;
        int keyEnd = after(frame);
        PairCombiner.Output out = (bytes, start, end) -> run.add(partition, keys, keyStart, keyEnd, bytes, start, end);
        chain.begin((int) Keys.INT.get(keys, frame));
        combine(frame, out);
    }

    @Override
    public RunFile finish() throws IOException {
        if (count > 0) {
            spill();
        }
        return spills.merged();
    }
}
