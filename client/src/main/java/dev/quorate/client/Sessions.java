package dev.quorate.client;

import com.google.protobuf.ByteString;
import dev.quorate.api.DataRequest;
import dev.quorate.api.DataResponse;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.OpenSessionRequest;
import dev.quorate.api.SessionCall;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes that take effect once however often they are sent. Each shard that the client writes to has a session of its own, opened by the first write. A
 * session that the nodes have evicted is replaced by a new one unless a write was sent whose outcome only the old one knew.
 */
final class Sessions {
    private final Router router;
    private final ByteString clientId = randomId();
    private final Map<Integer, ShardSession> shards = new ConcurrentHashMap<>();

    Sessions(Router router) {
        this.router = router;
    }

    private static ByteString randomId() {
        UUID id = UUID.randomUUID();
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .flip());
    }

    /** Sends a write, with what makes it take effect once. */
    DataResponse write(int shard, DataRequest.Builder request) {
        long deadlineNanos = router.deadlineNanos();
        ShardSession known = shards.get(shard);
        ShardSession session = known != null ? known : shards.computeIfAbsent(shard, _ -> new ShardSession());
        while (true) {
            long incarnation = session.incarnation(() -> open(shard, deadlineNanos), deadlineNanos);
            long sequence = session.begin(deadlineNanos);
            try {
                return router.call(
                        shard,
                        Router.Kind.WRITE_ONCE,
                        () -> with(request, call(session, incarnation, sequence)),
                        deadlineNanos);
            } catch (QuorateException e) {
                if (e.code() != Error.Code.SESSION_EXPIRED) {
                    throw e;
                }
                session.expired(incarnation);
                if (e.effect() == Effect.UNKNOWN || System.nanoTime() - deadlineNanos >= 0) {
                    throw e;
                }
            } finally {
                session.end(sequence);
            }
        }
    }

    private SessionCall call(ShardSession session, long incarnation, long sequence) {
        return SessionCall.newBuilder()
                .setClientId(clientId)
                .setIncarnation(incarnation)
                .setSequence(sequence)
                .setLowestOutstanding(session.lowestOutstanding())
                .build();
    }

    private static DataRequest.Builder with(DataRequest.Builder write, SessionCall session) {
        switch (write.getRequestCase()) {
            case PUT -> write.setPut(write.getPut().toBuilder().setSession(session));
            case DELETE -> write.setDelete(write.getDelete().toBuilder().setSession(session));
            case COMPARE_AND_SET ->
                write.setCompareAndSet(write.getCompareAndSet().toBuilder().setSession(session));
            case INCREMENT ->
                write.setIncrement(write.getIncrement().toBuilder().setSession(session));
            case GET, SCAN, OPEN_SESSION, REQUEST_NOT_SET ->
                throw new IllegalArgumentException(write.getRequestCase() + " is no write");
        }
        return write;
    }

    /** To open a session again finds it open. */
    private long open(int shard, long deadlineNanos) {
        OpenSessionRequest request = OpenSessionRequest.newBuilder()
                .setShard(shard)
                .setClientId(clientId)
                .build();
        return router.call(
                        shard, Router.Kind.READ, () -> DataRequest.newBuilder().setOpenSession(request), deadlineNanos)
                .getOpenSession()
                .getIncarnation();
    }
}
