package dev.quorate.server.data;

import java.time.Duration;

/**
 * Who may answer a read, and how old its answer may be.
 *
 * @param anyMember any member of the group may, not only its leader
 * @param maxStaleNanos with any member: what was written later than so long ago may be missing; 0: nothing, the read is linearizable
 */
public record ReadFrom(boolean anyMember, long maxStaleNanos) {
    /** Linearizable, by the leader. */
    public static final ReadFrom LEADER = new ReadFrom(false, 0);

    /** Linearizable, by any member: it asks its leader how far it must have come. */
    public static final ReadFrom ANY_MEMBER = new ReadFrom(true, 0);

    /** By any member that knows that it misses nothing older than this. */
    public static ReadFrom anyMember(Duration maxStaleness) {
        return new ReadFrom(true, maxStaleness.toNanos());
    }
}
