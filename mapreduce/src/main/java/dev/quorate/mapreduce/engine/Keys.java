package dev.quorate.mapreduce.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What is computed of a key's bytes. */
public final class Keys {
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private Keys() {}

    /** The first eight bytes, zeros where there are fewer, as a number whose unsigned order is that of the bytes. */
    static long prefix(byte[] bytes, int start, int end) {
        if (end - start >= Long.BYTES) {
            return (long) LONG.get(bytes, start);
        }
        long prefix = 0;
        for (int i = start; i < end; i++) {
            prefix |= (bytes[i] & 0xFFL) << (Long.SIZE - Byte.SIZE * (i - start + 1));
        }
        return prefix;
    }

    /** A hash that is the same on every machine. Part of the contract: where a key goes depends on it. */
    public static long hash(byte[] bytes, int start, int end) {
        long hash = (end - start) * MULTIPLIER;
        int at = start;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = mixed(hash ^ (long) LONG.get(bytes, at));
        }
        return at < end ? mixed(hash ^ prefix(bytes, at, end)) : mixed(hash);
    }

    private static long mixed(long value) {
        long product = value * MULTIPLIER;
        return (product ^ product >>> 29) * 0xBF58476D1CE4E5B9L ^ product >>> 32;
    }

    /** The partition that a hash is for. */
    public static int partition(long hash, int partitions) {
        return (int) ((hash >>> 33) * partitions >>> 31);
    }
}
