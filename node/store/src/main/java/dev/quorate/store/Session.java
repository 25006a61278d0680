package dev.quorate.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.quorate.store.proto.SessionRecord;

/**
 * One client's session of a shard, as entries are applied to it: which of its writes took effect, and with what results. The results are those of
 * sequences from the lowest that the client still waits for, so a write that comes again is answered and not done again.
 *
 * <p>Invariant: {@code lowestOutstanding <= s < lowestOutstanding + WINDOW} for every sequence s that has a result.
 */
final class Session {
    /** Writes that a client may have under way in one shard. */
    static final int WINDOW = 1024;

    /** Of results kept; a session that has as many takes no more writes until some are acknowledged. */
    static final int RESULT_BYTES_MAX = 256 << 10;

    /** What one in memory takes, without results: itself, its key, and its places in the tables. */
    private static final int MEMORY_BYTES = 256;

    private static final int FIRST_SLOTS = 4;

    private final SessionKey key;
    private final long incarnation;
    /** By sequence modulo their number, which is a power of two; null where there is none. */
    private ApplyResult[] results = new ApplyResult[FIRST_SLOTS];

    /** Of the results, counted when they were added: to forget one must not look at it again, long after it was made. */
    private int[] sizesBytes = new int[FIRST_SLOTS];

    private long lowestOutstanding;
    /** No sequence from here on has a result. */
    private long resultsEnd;

    private long lastUsedMillis;
    private int resultBytes;
    private boolean unwritten;

    /** A new one. */
    Session(SessionKey key, long incarnation, long nowMillis) {
        this.key = key;
        this.incarnation = incarnation;
        lowestOutstanding = 1;
        resultsEnd = 1;
        lastUsedMillis = nowMillis;
    }

    static Session decode(SessionKey key, byte[] row) {
        SessionRecord stored = parse(row);
        Session session = new Session(key, stored.getIncarnation(), stored.getLastUsedMillis());
        session.lowestOutstanding = stored.getLowestOutstanding();
        session.resultsEnd = stored.getLowestOutstanding();
        stored.getResultsList().forEach(result -> session.add(result.getSequence(), KeptResults.toApplyResult(result)));
        return session;
    }

    static SessionRecord parse(byte[] row) {
        try {
            return SessionRecord.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw StoreException.corrupt("a session is damaged: " + e.getMessage());
        }
    }

    byte[] encode() {
        SessionRecord.Builder record = SessionRecord.newBuilder()
                .setIncarnation(incarnation)
                .setLowestOutstanding(lowestOutstanding)
                .setLastUsedMillis(lastUsedMillis);
        for (long sequence = lowestOutstanding; sequence < resultsEnd; sequence++) {
            ApplyResult result = results[slot(sequence)];
            if (result != null) {
                record.addResults(KeptResults.of(sequence, result));
            }
        }
        return record.build().toByteArray();
    }

    static boolean isIdle(long lastUsedMillis, long nowMillis, long idleMillis) {
        return lastUsedMillis <= nowMillis - idleMillis;
    }

    SessionKey key() {
        return key;
    }

    long incarnation() {
        return incarnation;
    }

    long lastUsedMillis() {
        return lastUsedMillis;
    }

    /** Whether its row is older. */
    boolean isUnwritten() {
        return unwritten;
    }

    /** False when it was before. */
    boolean becomesUnwritten() {
        boolean before = unwritten;
        unwritten = true;
        return !before;
    }

    /** Its row is as it is now. */
    void written() {
        unwritten = false;
    }

    /** What it takes in memory, about. */
    int memoryBytes() {
        return MEMORY_BYTES + 2 * Integer.BYTES * results.length + resultBytes;
    }

    /** Takes note of what the client has got, and gives what to answer; null when the write is to be done. */
    ApplyResult answer(Write.Call call) {
        long sequence = call.sequence();
        if (call.incarnation() != incarnation) {
            return expired("the session's incarnation is " + incarnation + " by now");
        }
        if (sequence < lowestOutstanding) {
            return expired("sequence " + sequence + " was acknowledged");
        }
        acknowledgeBelow(Math.min(call.lowestOutstanding(), sequence));
        ApplyResult result = sequence < resultsEnd ? results[slot(sequence)] : null;
        if (result != null) {
            return result;
        }
        if (sequence >= lowestOutstanding + WINDOW) {
            return expired(
                    "sequence " + sequence + " is beyond the window of " + WINDOW + " from " + lowestOutstanding);
        }
        return resultBytes >= RESULT_BYTES_MAX ? new ApplyResult.SessionFull() : null;
    }

    private static ApplyResult expired(String reason) {
        return new ApplyResult.SessionExpired(reason);
    }

    private void acknowledgeBelow(long sequence) {
        for (long acknowledged = lowestOutstanding; acknowledged < Math.min(sequence, resultsEnd); acknowledged++) {
            int slot = slot(acknowledged);
            results[slot] = null;
            resultBytes -= sizesBytes[slot];
            sizesBytes[slot] = 0;
        }
        lowestOutstanding = Math.max(lowestOutstanding, sequence);
        resultsEnd = Math.max(resultsEnd, lowestOutstanding);
    }

    /** Keeps what became of a write. */
    void keep(long sequence, ApplyResult result, long nowMillis) {
        add(sequence, result);
        used(nowMillis);
    }

    private void add(long sequence, ApplyResult result) {
        if (sequence - lowestOutstanding >= results.length) {
            widen((int) (sequence - lowestOutstanding) + 1);
        }
        int sizeBytes = KeptResults.sizeBytes(result);
        results[slot(sequence)] = result;
        sizesBytes[slot(sequence)] = sizeBytes;
        resultsEnd = Math.max(resultsEnd, sequence + 1);
        resultBytes += sizeBytes;
    }

    private void widen(int slots) {
        ApplyResult[] resultsBefore = results;
        int[] sizesBefore = sizesBytes;
        results = new ApplyResult[Integer.highestOneBit(slots - 1) << 1];
        sizesBytes = new int[results.length];
        for (long sequence = lowestOutstanding; sequence < resultsEnd; sequence++) {
            int before = (int) (sequence & resultsBefore.length - 1);
            results[slot(sequence)] = resultsBefore[before];
            sizesBytes[slot(sequence)] = sizesBefore[before];
        }
    }

    private int slot(long sequence) {
        return (int) (sequence & results.length - 1);
    }

    void used(long nowMillis) {
        lastUsedMillis = Math.max(lastUsedMillis, nowMillis);
    }
}
