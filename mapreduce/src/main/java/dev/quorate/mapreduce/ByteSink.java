package dev.quorate.mapreduce;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes that are written one after the other into an array that grows. */
public final class ByteSink {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int FIRST_BYTES = 256;
    private static final int VARINT_BYTES_MAX = 5;

    private byte[] array = new byte[FIRST_BYTES];
    private int length;

    /** What was written is in its first {@link #length} bytes. Another array after a write. */
    public byte[] array() {
        return array;
    }

    public int length() {
        return length;
    }

    /** Forgets what was written after the first {@code newLength} bytes. */
    public void truncate(int newLength) {
        length = newLength;
    }

    public void writeByte(int value) {
        ensure(1);
        array[length++] = (byte) value;
    }

    public void write(byte[] bytes, int start, int count) {
        ensure(count);
        System.arraycopy(bytes, start, array, length, count);
        length += count;
    }

    public void write(byte[] bytes) {
        write(bytes, 0, bytes.length);
    }

    /** Eight bytes, the highest first. */
    public void writeLong(long value) {
        ensure(Long.BYTES);
        LONG.set(array, length, value);
        length += Long.BYTES;
    }

    /** A number from 0 on in 1 to 5 bytes, seven bits each, the lowest first. */
    public void writeVarint(int value) {
        ensure(VARINT_BYTES_MAX);
        int rest = value;
        while (rest > 0x7F) {
            array[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[length++] = (byte) rest;
    }

    private void ensure(int more) {
        if (array.length - length < more) {
            array = Arrays.copyOf(array, Math.max(Math.addExact(length, more), (int)
                    Math.min(2L * array.length, Integer.MAX_VALUE - 8)));
        }
    }
}
