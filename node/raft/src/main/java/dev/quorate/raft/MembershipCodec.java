package dev.quorate.raft;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A {@link Membership} as bytes, in log entries and at rest: format (1 byte), then voters, outgoing and learners, each a count (2 bytes) and UUIDs
 * in ascending order; big-endian.
 */
public final class MembershipCodec {
    private static final byte FORMAT = 1;
    private static final int COUNT_BYTES = 2;
    private static final int ID_BYTES = 16;

    private MembershipCodec() {}

    public static byte[] encode(Membership membership) {
        List<Set<UUID>> sets = List.of(membership.voters(), membership.outgoing(), membership.learners());
        int members = sets.stream().mapToInt(Collection::size).sum();
        Cursor cursor = new Cursor(new byte[1 + COUNT_BYTES * sets.size() + ID_BYTES * members]);
        cursor.put(FORMAT, 1);
        for (Set<UUID> set : sets) {
            cursor.put(set.size(), COUNT_BYTES);
            set.stream().sorted().forEach(id -> {
                cursor.put(id.getMostSignificantBits(), Long.BYTES);
                cursor.put(id.getLeastSignificantBits(), Long.BYTES);
            });
        }
        return cursor.bytes;
    }

    /** @throws IllegalArgumentException when the bytes are no membership */
    public static Membership decode(byte[] bytes) {
        Cursor cursor = new Cursor(bytes);
        if (cursor.remaining() == 0 || cursor.get(1) != FORMAT) {
            throw new IllegalArgumentException(
                    "unknown format of a membership: it was written by a newer version, or is damaged");
        }
        Membership membership = new Membership(decodeSet(cursor), decodeSet(cursor), decodeSet(cursor));
        if (cursor.remaining() > 0) {
            throw new IllegalArgumentException("a membership is followed by " + cursor.remaining() + " unknown bytes");
        }
        return membership;
    }

    private static Set<UUID> decodeSet(Cursor cursor) {
        int size = cursor.remaining() < COUNT_BYTES ? -1 : (int) cursor.get(COUNT_BYTES);
        if (size < 0 || cursor.remaining() < ID_BYTES * size) {
            throw new IllegalArgumentException("a membership is cut short");
        }
        Set<UUID> set = LinkedHashSet.newLinkedHashSet(size);
        for (int i = 0; i < size; i++) {
            set.add(new UUID(cursor.get(Long.BYTES), cursor.get(Long.BYTES)));
        }
        return set;
    }

    /** A place in an array of bytes; the core does without {@code java.nio}. */
    private static final class Cursor {
        private final byte[] bytes;
        private int position;

        private Cursor(byte[] bytes) {
            this.bytes = bytes;
        }

        private int remaining() {
            return bytes.length - position;
        }

        private void put(long value, int width) {
            for (int shift = Byte.SIZE * (width - 1); shift >= 0; shift -= Byte.SIZE) {
                bytes[position++] = (byte) (value >>> shift);
            }
        }

        private long get(int width) {
            long value = 0;
            for (int i = 0; i < width; i++) {
                value = value << Byte.SIZE | Byte.toUnsignedLong(bytes[position++]);
            }
            return value;
        }
    }
}
