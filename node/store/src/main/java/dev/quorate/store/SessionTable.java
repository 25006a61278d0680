package dev.quorate.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.quorate.store.proto.EvictSessions;
import dev.quorate.store.proto.OpenSession;
import dev.quorate.store.proto.SessionRecord;
import dev.quorate.store.proto.ShardRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The sessions that entries applied together touch: read once, written once. Opening and evicting look at all sessions of a shard, as the rows have
 * them: their commands have a batch for themselves.
 */
final class SessionTable {
    static final int CLIENT_ID_BYTES = 16;

    /** Of one shard. */
    static final int SESSIONS_MAX = 1024;

    /** What goes when there are as many, so that the next clients find room without a search of their own. */
    private static final int EVICTED_AT_ONCE = SESSIONS_MAX / 8;

    private final Rows rows;
    private final Rows.Batch batch;
    private final RecentSessions recent;

    /** By key; null when there is none. */
    private final Map<ByteString, Session> sessions = new HashMap<>();

    SessionTable(Rows rows, Rows.Batch batch, RecentSessions recent) {
        this.rows = rows;
        this.batch = batch;
        this.recent = recent;
    }

    /** Whether the rows need not be asked. */
    boolean isKnown(byte[] key) {
        return recent.get(UnsafeByteOperations.unsafeWrap(key)) != null;
    }

    /** What the rows have at a key. */
    void loaded(byte[] key, byte[] row) {
        sessions.put(UnsafeByteOperations.unsafeWrap(key), row == null ? null : Session.decode(row));
    }

    /** The client's session of a shard, or null. */
    Session find(int shard, ShardRecord record, ByteString clientId) {
        byte[] key = Keys.session(shard, record.getIncarnation(), clientId);
        ByteString wrapped = UnsafeByteOperations.unsafeWrap(key);
        Session session = sessions.get(wrapped);
        if (session == null && !sessions.containsKey(wrapped)) {
            session = recent.get(wrapped);
            if (session == null) {
                byte[] row = rows.get(key);
                session = row == null ? null : Session.decode(row);
            }
            sessions.put(wrapped, session);
        }
        return session;
    }

    /** What opening changed. */
    record Opened(ShardRecord record, long incarnation, List<RowChange> changes) {}

    Opened open(ShardRecord shard, OpenSession command, long clockMillis) {
        Session open = find(command.getShard(), shard, command.getClientId());
        byte[] key = Keys.session(command.getShard(), shard.getIncarnation(), command.getClientId());
        if (open != null) {
            byte[] before = open.encode();
            open.used(clockMillis);
            return new Opened(shard, open.incarnation(), List.of(new RowChange(key, before, open.encode())));
        }
        List<RowChange> changes = new ArrayList<>();
        int count = shard.getSessionCount();
        if (count >= SESSIONS_MAX) {
            changes.addAll(evictLeastRecentlyUsed(command.getShard(), shard));
            count -= changes.size();
        }
        Session session = new Session(shard.getSessionCounter() + 1, clockMillis);
        changes.add(new RowChange(key, null, session.encode()));
        sessions.put(UnsafeByteOperations.unsafeWrap(key), session);
        ShardRecord record = shard.toBuilder()
                .setSessionCounter(session.incarnation())
                .setSessionCount(count + 1)
                .build();
        return new Opened(record, session.incarnation(), changes);
    }

    /** Of sessions used at the same time the order of clients decides: every replica evicts the same. */
    private List<RowChange> evictLeastRecentlyUsed(int shard, ShardRecord record) {
        List<Stored> stored = stored(shard, record, _ -> true);
        stored.sort(Comparator.comparingLong(session -> session.record().getLastUsedMillis()));
        List<RowChange> evicted = new ArrayList<>();
        for (Stored session : stored.subList(0, Math.min(EVICTED_AT_ONCE, stored.size()))) {
            evicted.add(new RowChange(session.key(), rows.get(session.key()), null));
            evict(session);
        }
        return evicted;
    }

    ShardRecord evictIdle(ShardRecord shard, EvictSessions command) {
        List<Stored> idle = stored(
                command.getShard(),
                shard,
                session -> Session.isIdle(session, shard.getClockMillis(), command.getIdleMillis()));
        idle.forEach(this::evict);
        return shard.toBuilder()
                .setSessionCount(shard.getSessionCount() - idle.size())
                .build();
    }

    private void evict(Stored session) {
        batch.delete(session.key());
        recent.remove(UnsafeByteOperations.unsafeWrap(session.key()));
    }

    private record Stored(byte[] key, SessionRecord record) {}

    /** In the order of clients. */
    private List<Stored> stored(int shard, ShardRecord record, Predicate<SessionRecord> wanted) {
        List<Stored> found = new ArrayList<>();
        try (Rows.Snapshot snapshot = rows.snapshot();
                Rows.Cursor cursor = snapshot.cursor(Keys.sessions(shard, record.getIncarnation()))) {
            for (; cursor.valid(); cursor.next()) {
                SessionRecord session = Session.parse(cursor.value());
                if (wanted.test(session)) {
                    // Which sessions go is all that is wanted of them, not the results.
                    found.add(new Stored(
                            cursor.key(), session.toBuilder().clearResults().build()));
                }
            }
        }
        return found;
    }

    /** Adds what changed to the batch. */
    void write() {
        sessions.forEach((key, session) -> {
            if (session != null && session.changed()) {
                batch.put(key.toByteArray(), session.encode());
            }
        });
    }

    /** The batch is in the rows. */
    void written() {
        sessions.forEach((key, session) -> {
            if (session != null && session.changed()) {
                session.written();
                recent.written(key, session);
            }
        });
    }
}
