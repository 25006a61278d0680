package dev.quorate.store;

import dev.quorate.raft.Membership;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A {@link Membership} as bytes: format (1 byte), then voters, outgoing and learners, each a count (2 bytes) and UUIDs in ascending order. */
public final class MembershipCodec {
    private static final byte FORMAT = 1;

    private MembershipCodec() {}

    public static byte[] encode(Membership membership) {
        List<Set<UUID>> sets = List.of(membership.voters(), membership.outgoing(), membership.learners());
        int members = sets.stream().mapToInt(Collection::size).sum();
        ByteBuffer buffer =
                ByteBuffer.allocate(1 + 2 * sets.size() + 16 * members).put(FORMAT);
        for (Set<UUID> set : sets) {
            buffer.putShort((short) set.size());
            set.stream()
                    .sorted()
                    .forEach(id -> buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()));
        }
        return buffer.array();
    }

    /** @throws IllegalArgumentException when the bytes are no membership */
    public static Membership decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (bytes.length == 0 || buffer.get() != FORMAT) {
            throw new IllegalArgumentException(
                    "unknown format of a membership: it was written by a newer version, or is damaged");
        }
        Membership membership = new Membership(decodeSet(buffer), decodeSet(buffer), decodeSet(buffer));
        if (buffer.hasRemaining()) {
            throw new IllegalArgumentException("a membership is followed by " + buffer.remaining() + " unknown bytes");
        }
        return membership;
    }

    private static Set<UUID> decodeSet(ByteBuffer buffer) {
        int size = buffer.remaining() < 2 ? -1 : buffer.getShort();
        if (size < 0 || buffer.remaining() < 16 * size) {
            throw new IllegalArgumentException("a membership is cut short");
        }
        Set<UUID> set = LinkedHashSet.newLinkedHashSet(size);
        for (int i = 0; i < size; i++) {
            set.add(new UUID(buffer.getLong(), buffer.getLong()));
        }
        return set;
    }
}
