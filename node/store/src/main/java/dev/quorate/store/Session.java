package dev.quorate.store;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.quorate.api.SessionCall;
import dev.quorate.store.proto.KeptResult;
import dev.quorate.store.proto.SessionRecord;
import java.util.Optional;
import java.util.TreeMap;

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

    private final long incarnation;
    private final TreeMap<Long, KeptResult> results = new TreeMap<>();
    private long lowestOutstanding;
    private long lastUsedMillis;
    private int resultBytes;
    private boolean changed;

    /** A new one. */
    Session(long incarnation, long nowMillis) {
        this.incarnation = incarnation;
        lowestOutstanding = 1;
        lastUsedMillis = nowMillis;
        changed = true;
    }

    private Session(SessionRecord stored) {
        incarnation = stored.getIncarnation();
        lowestOutstanding = stored.getLowestOutstanding();
        lastUsedMillis = stored.getLastUsedMillis();
        stored.getResultsList().forEach(this::add);
    }

    static Session decode(byte[] row) {
        return new Session(parse(row));
    }

    static SessionRecord parse(byte[] row) {
        try {
            return SessionRecord.parseFrom(row);
        } catch (InvalidProtocolBufferException e) {
            throw StoreException.corrupt("a session is damaged: " + e.getMessage());
        }
    }

    byte[] encode() {
        return SessionRecord.newBuilder()
                .setIncarnation(incarnation)
                .setLowestOutstanding(lowestOutstanding)
                .setLastUsedMillis(lastUsedMillis)
                .addAllResults(results.values())
                .build()
                .toByteArray();
    }

    static boolean isIdle(SessionRecord session, long nowMillis, long idleMillis) {
        return session.getLastUsedMillis() <= nowMillis - idleMillis;
    }

    long incarnation() {
        return incarnation;
    }

    boolean changed() {
        return changed;
    }

    /** Its row is as it is now. */
    void written() {
        changed = false;
    }

    /** Of the results kept. */
    int resultBytes() {
        return resultBytes;
    }

    /** Takes note of what the client has got, and gives what to answer; empty when the write is to be done. */
    Optional<ApplyResult> answer(SessionCall call) {
        long sequence = call.getSequence();
        if (call.getIncarnation() != incarnation) {
            return expired("the session's incarnation is " + incarnation + " by now");
        }
        if (sequence < lowestOutstanding) {
            return expired("sequence " + sequence + " was acknowledged");
        }
        acknowledgeBelow(Math.min(call.getLowestOutstanding(), sequence));
        KeptResult result = results.get(sequence);
        if (result != null) {
            return Optional.of(KeptResults.toApplyResult(result));
        }
        if (sequence >= lowestOutstanding + WINDOW) {
            return expired(
                    "sequence " + sequence + " is beyond the window of " + WINDOW + " from " + lowestOutstanding);
        }
        return resultBytes >= RESULT_BYTES_MAX ? Optional.of(new ApplyResult.SessionFull()) : Optional.empty();
    }

    private static Optional<ApplyResult> expired(String reason) {
        return Optional.of(new ApplyResult.SessionExpired(reason));
    }

    private void acknowledgeBelow(long sequence) {
        if (sequence <= lowestOutstanding) {
            return;
        }
        lowestOutstanding = sequence;
        while (!results.isEmpty() && results.firstKey() < sequence) {
            resultBytes -= results.pollFirstEntry().getValue().getSerializedSize();
        }
        changed = true;
    }

    /** Keeps what became of a write. */
    void keep(long sequence, ApplyResult result, long nowMillis) {
        add(KeptResults.of(sequence, result));
        used(nowMillis);
    }

    private void add(KeptResult result) {
        results.put(result.getSequence(), result);
        resultBytes += result.getSerializedSize();
    }

    void used(long nowMillis) {
        lastUsedMillis = Math.max(lastUsedMillis, nowMillis);
        changed = true;
    }
}
