package dev.quorate.raft;

import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Arithmetic of majorities. In a joint configuration (§6) a quorum is a majority of the incoming and a majority of the outgoing voters. */
final class Quorum {
    /** How a vote stands. */
    enum Vote {
        PENDING,
        WON,
        LOST
    }

    private Quorum() {}

    static int majorityOf(int voters) {
        return voters / 2 + 1;
    }

    /**
     * The greatest value that a majority has reached; without voters there is nothing to wait for, so {@link Long#MAX_VALUE}.
     *
     * @param values one per voter in {@code [0, count)}; sorted in place
     */
    static long reachedByMajority(long[] values, int count) {
        if (count == 0) {
            return Long.MAX_VALUE;
        }
        for (int i = 1; i < count; i++) {
            long value = values[i];
            int j = i - 1;
            for (; j >= 0 && values[j] > value; j--) {
                values[j + 1] = values[j];
            }
            values[j + 1] = value;
        }
        return values[count - majorityOf(count)];
    }

    /** Outcome of a vote; voters that have not answered are absent from {@code granted}. */
    static Vote tally(Membership membership, Map<UUID, Boolean> granted) {
        Vote incoming = tally(membership.voters(), granted);
        Vote outgoing = tally(membership.outgoing(), granted);
        if (incoming == outgoing) {
            return incoming;
        }
        return incoming == Vote.LOST || outgoing == Vote.LOST ? Vote.LOST : Vote.PENDING;
    }

    private static Vote tally(Set<UUID> voters, Map<UUID, Boolean> granted) {
        int yes = 0;
        int missing = 0;
        for (UUID voter : voters) {
            Boolean vote = granted.get(voter);
            if (vote == null) {
                missing++;
            } else if (vote) {
                yes++;
            }
        }
        int needed = voters.isEmpty() ? 0 : majorityOf(voters.size());
        if (yes >= needed) {
            return Vote.WON;
        }
        return yes + missing >= needed ? Vote.PENDING : Vote.LOST;
    }
}
