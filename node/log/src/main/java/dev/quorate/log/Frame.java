package dev.quorate.log;

import dev.quorate.raft.HardState;
import dev.quorate.raft.Membership;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.UUID;

/** The layout of a frame: see the package's manual. Numbers are little-endian. */
final class Frame {
    static final int CRC = 0;
    static final int LENGTH = 4;
    static final int LSN = 8;
    static final int DURABLE_LSN = 16;
    static final int TIMELINE = 24;
    static final int TYPE = 28;
    static final int VARIANT = 29;
    static final int HEADER_BYTES = 32;
    static final int ALIGNMENT = 8;

    static final int ENTRY_BYTES = 16;
    static final int HARD_STATE_BYTES = 24;
    static final int TRUNCATION_BYTES = 8;
    static final int END_BYTES = 0;
    static final int MARK_BYTES = 0;

    /** No frame is larger; a length beyond is garbage. */
    static final int MAX_BYTES = WriteAheadLog.MAX_APPEND_BYTES;

    /** "QUORATE" and the format's version. */
    static final long MAGIC = 0x01_45_54_41_52_4f_55_51L;

    private Frame() {}

    /** What a frame says; the codes are part of the format, and 0 is never one. */
    enum Type {
        /** First in every segment: the state of the log before it. */
        SEGMENT(1),
        /** An entry. */
        ENTRY(2),
        /** Term and vote. */
        HARD_STATE(3),
        /** Entries after an index are gone. */
        TRUNCATION(4),
        /** Entries up to an index are not needed any more. */
        COMPACTION(5),
        /** The log starts anew after a snapshot. */
        RESET(6),
        /** Nothing but its header, whose timeline or durable mark is news. */
        MARK(7),
        /** Last in a segment: the next one exists. */
        END(8);

        private static final Type[] BY_CODE = new Type[9];

        static {
            for (Type type : values()) {
                BY_CODE[type.code] = type;
            }
        }

        final byte code;

        Type(int code) {
            this.code = (byte) code;
        }

        /** The type with a code, or null. */
        static Type of(byte code) {
            return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
        }
    }

    /** Bytes a frame takes in the segment. */
    static long sizeBytes(long payloadBytes) {
        return align(HEADER_BYTES + payloadBytes);
    }

    static long align(long bytes) {
        return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
    }

    static int membershipBytes(Membership membership) {
        return 3 * Integer.BYTES
                + 2
                        * Long.BYTES
                        * (membership.voters().size()
                                + membership.outgoing().size()
                                + membership.learners().size());
    }

    static void putMembership(ByteBuffer target, Membership membership) {
        putMembers(target, membership.voters());
        putMembers(target, membership.outgoing());
        putMembers(target, membership.learners());
    }

    static Membership getMembership(ByteBuffer source) {
        return new Membership(getMembers(source), getMembers(source), getMembers(source));
    }

    private static void putMembers(ByteBuffer target, Set<UUID> members) {
        target.putInt(members.size());
        members.forEach(member -> putUuid(target, member));
    }

    private static Set<UUID> getMembers(ByteBuffer source) {
        UUID[] members = new UUID[source.getInt()];
        for (int i = 0; i < members.length; i++) {
            members[i] = getUuid(source);
        }
        return Set.of(members);
    }

    /** A vote for nobody is the nil UUID, which no member has. */
    static void putHardState(ByteBuffer target, HardState hardState) {
        target.putLong(hardState.term());
        putUuid(target, hardState.votedFor() == null ? NOBODY : hardState.votedFor());
    }

    static HardState getHardState(ByteBuffer source) {
        long term = source.getLong();
        UUID votedFor = getUuid(source);
        return new HardState(term, votedFor.equals(NOBODY) ? null : votedFor);
    }

    private static final UUID NOBODY = new UUID(0, 0);

    private static void putUuid(ByteBuffer target, UUID uuid) {
        target.putLong(uuid.getMostSignificantBits());
        target.putLong(uuid.getLeastSignificantBits());
    }

    private static UUID getUuid(ByteBuffer source) {
        return new UUID(source.getLong(), source.getLong());
    }
}
