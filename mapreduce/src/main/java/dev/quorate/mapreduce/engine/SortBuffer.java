package dev.quorate.mapreduce.engine;

import java.io.IOException;

/**
 * One array of a fixed size: frames (length of the value, length of the key, key, value) from its front, index entries from its back. When they meet, the index is
 * sorted and all is spilled as one run.
 */
public final class SortBuffer implements MapBuffer {
    private static final int LENGTHS_BYTES = 2 * Integer.BYTES;

    private final byte[] buffer;
    private Spills spills;
    private int framesEnd;
    private int count;

    public SortBuffer(int bytes) {
        buffer = new byte[bytes];
    }

    @Override
    public void begin(Spills taskSpills) {
        spills = taskSpills;
        framesEnd = 0;
        count = 0;
    }

    @Override
    public void add(int partition, long hash, byte[] pair, int keyLength, int length) throws IOException {
        int needed = LENGTHS_BYTES + length + FrameIndex.ENTRY_BYTES;
        if (needed > free()) {
            if (needed > buffer.length) {
                throw new PairTooLargeException(length, buffer.length);
            }
            spill();
        }
        int keyStart = framesEnd + LENGTHS_BYTES;
        Keys.INT.set(buffer, framesEnd, length - keyLength);
        Keys.INT.set(buffer, framesEnd + Integer.BYTES, keyLength);
        System.arraycopy(pair, 0, buffer, keyStart, length);
        framesEnd = keyStart + length;
        count++;
        FrameIndex.put(buffer, indexStart(), partition, keyStart, Keys.prefix(pair, 0, keyLength));
    }

    private int indexStart() {
        return buffer.length - count * FrameIndex.ENTRY_BYTES;
    }

    private int free() {
        return indexStart() - framesEnd;
    }

    private void spill() throws IOException {
        FrameIndex index = new FrameIndex(buffer, buffer, indexStart());
        index.sort(count);
        try (RunWriter run = spills.newRun()) {
            for (int i = 0; i < count; i++) {
                int keyStart = index.keyStart(i);
                int valueStart = keyStart + index.keyLength(keyStart);
                int valueLength = (int) Keys.INT.get(buffer, keyStart - LENGTHS_BYTES);
                run.add(index.partition(i), buffer, keyStart, valueStart, buffer, valueStart, valueStart + valueLength);
            }
            spills.add(run.finish());
        }
        framesEnd = 0;
        count = 0;
    }

    @Override
    public RunFile finish() throws IOException {
        if (count > 0) {
            spill();
        }
        return spills.merged();
    }
}
