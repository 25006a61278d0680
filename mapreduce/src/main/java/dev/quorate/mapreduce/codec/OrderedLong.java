package dev.quorate.mapreduce.codec;

import dev.quorate.mapreduce.ByteSink;

/**
 * Whole numbers in 1 to 9 bytes whose order is that of the numbers. From -120 to 119 a number n is the one byte {@code 0x80 + n}. Beyond, the first byte
 * says how many bytes of the number follow, the highest first: {@code 0xF7 + count} for positive ones, {@code 0x08 - count} for negative ones.
 */
final class OrderedLong {
    private static final int ZERO = 0x80;
    private static final int SMALL = 120;
    private static final int POSITIVE = 0xF7;
    private static final int NEGATIVE = 0x08;

    private OrderedLong() {}

    static void write(long value, ByteSink out) {
        if (value >= -SMALL && value < SMALL) {
            out.writeByte(ZERO + (int) value);
            return;
        }
        long magnitude = value < 0 ? ~value : value;
        int count = (Long.SIZE - Long.numberOfLeadingZeros(magnitude) + Byte.SIZE - 1) / Byte.SIZE;
        out.writeByte(value < 0 ? NEGATIVE - count : POSITIVE + count);
        for (int shift = (count - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            out.writeByte((int) (value >>> shift));
        }
    }

    static long read(byte[] bytes, int start) {
        int first = bytes[start] & 0xFF;
        if (first >= NEGATIVE && first <= POSITIVE) {
            return first - ZERO;
        }
        int count = first < NEGATIVE ? NEGATIVE - first : first - POSITIVE;
        long value = first < NEGATIVE ? -1 : 0;
        for (int i = 1; i <= count; i++) {
            value = value << Byte.SIZE | bytes[start + i] & 0xFF;
        }
        return value;
    }
}
