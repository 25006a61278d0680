package dev.quorate.mapreduce;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text as UTF-8 bytes: a range of an array, which it does not own. So a mapper looks at a line, and emits a part of it, without copying or decoding it.
 * Ordered by bytes, which is the order of code points.
 */
public final class Text implements Comparable<Text> {
    private byte[] array;
    private int start;
    private int end;

    public Text() {
        this(new byte[0], 0, 0);
    }

    private Text(byte[] array, int start, int end) {
        this.array = array;
        this.start = start;
        this.end = end;
    }

    public static Text of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** All of an array, which is not copied. */
    public static Text of(byte[] bytes) {
        return new Text(bytes, 0, bytes.length);
    }

    /** Makes this the range of an array. */
    public Text set(byte[] newArray, int newStart, int newEnd) {
        array = newArray;
        start = newStart;
        end = newEnd;
        return this;
    }

    /** Makes this a part of another text, which it shares the bytes of. */
    public Text set(Text whole, int from, int to) {
        return set(whole.array, whole.start + from, whole.start + to);
    }

    /** How many bytes. */
    public int length() {
        return end - start;
    }

    public byte byteAt(int index) {
        return array[start + index];
    }

    /** The array that the bytes are in, from {@link #start} to {@link #end}. */
    public byte[] array() {
        return array;
    }

    public int start() {
        return start;
    }

    public int end() {
        return end;
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        return Arrays.copyOfRange(array, start, end);
    }

    /** A text of its own, which later changes of this one leave alone. */
    public Text copy() {
        return of(toBytes());
    }

    @Override
    public int compareTo(Text other) {
        return Arrays.compareUnsigned(array, start, end, other.array, other.start, other.end);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text text && Arrays.equals(array, start, end, text.array, text.start, text.end);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return new String(array, start, end - start, StandardCharsets.UTF_8);
    }
}
