package dev.quorate.raft;

import java.util.Arrays;

/** Identifiers of reads that gather until a round of confirmation starts for all of them. */
final class OpenReads {
    private static final int INITIAL_CAPACITY = 16;

    private long[] requestIds = new long[INITIAL_CAPACITY];
    private int count;

    void add(long requestId) {
        if (count == requestIds.length) {
            requestIds = Arrays.copyOf(requestIds, 2 * count);
        }
        requestIds[count++] = requestId;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** All that gathered; from here on it is empty. */
    long[] take() {
        long[] taken = Arrays.copyOf(requestIds, count);
        count = 0;
        return taken;
    }
}
