package dev.quorate.raft;

import java.util.Arrays;

/**
 * One entry of the replicated log (§5.3). The data belongs to the entry: nobody changes it after construction.
 *
 * @param index position in the log, from 1
 * @param term term of the leader that appended it
 * @param type what the data is
 * @param data command bytes, an encoded {@link Membership}, or nothing
 */
public record Entry(long index, long term, Type type, byte[] data) {
    /** What an entry's data is; the ordinals are part of the log's format. */
    public enum Type {
        /** A command for the state machine. */
        COMMAND,
        /** A change of membership. */
        MEMBERSHIP,
        /** The empty entry of a new leader (§8). */
        EMPTY
    }

    static final int OVERHEAD_BYTES = 32;

    /** Bytes the entry counts for in every byte bound: its data and a fixed overhead. */
    public int sizeBytes() {
        return data.length + OVERHEAD_BYTES;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entry(long i, long t, Type y, byte[] d)
                && i == index
                && t == term
                && y == type
                && Arrays.equals(d, data);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(index) * 31 + Long.hashCode(term);
    }

    @Override
    public String toString() {
        return "Entry[" + index + "/" + term + " " + type + " " + data.length + "B]";
    }
}
