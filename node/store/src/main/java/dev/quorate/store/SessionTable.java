package dev.quorate.store;

import dev.quorate.store.proto.OpenSession;
import dev.quorate.store.proto.ShardRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The sessions. Of those used of late the truth is in memory, and the rows follow before they are flushed; of the others it is in the rows. Every
 * session has a row, though it may be old. For one thread at a time.
 */
final class SessionTable {
    /** Of one shard. */
    static final int SESSIONS_MAX = 1024;

    /** What goes when there are as many, so that the next clients find room without a search of their own. */
    private static final int EVICTED_AT_ONCE = SESSIONS_MAX / 8;

    private final Rows rows;
    private final long memoryMaxBytes;
    /** Those in memory, the least recently used first. */
    private final Map<SessionKey, Session> recent = new LinkedHashMap<>(16, 0.75f, true);
    /** Those of them whose rows are older. */
    private final Map<SessionKey, Session> unwritten = new HashMap<>();

    private long memoryBytes;

    /** @param memoryMaxBytes of sessions in memory, about; for one batch it may be more */
    SessionTable(Rows rows, long memoryMaxBytes) {
        this.rows = rows;
        this.memoryMaxBytes = memoryMaxBytes;
    }

    /** The session that a write of the shard names, or null. */
    Session find(Write.Call call, int shard, ShardRecord record) {
        return call.clientBytes() == SessionKey.CLIENT_ID_BYTES ? find(call.key(shard, record.getIncarnation())) : null;
    }

    private Session find(SessionKey key) {
        Session session = recent.get(key);
        if (session == null) {
            byte[] row = rows.get(key.rowKey());
            if (row != null) {
                session = Session.decode(key, row);
                remember(session);
            }
        }
        return session;
    }

    private void remember(Session session) {
        recent.put(session.key(), session);
        memoryBytes += session.memoryBytes();
    }

    /** The session is not any more what its row says. */
    void changed(Session session, int memoryBytesBefore) {
        memoryBytes += session.memoryBytes() - memoryBytesBefore;
        if (session.becomesUnwritten()) {
            unwritten.put(session.key(), session);
        }
    }

    /** What opening changed. */
    record Opened(ShardRecord record, long incarnation, List<RowChange> changes) {}

    /** Opens the client's session, unless it is open. Its row is in the batch. */
    Opened open(ShardRecord shard, OpenSession command, long clockMillis, Rows.Batch batch) {
        SessionKey key = SessionKey.of(command.getShard(), shard.getIncarnation(), command.getClientId());
        Session open = find(key);
        if (open != null) {
            byte[] before = open.encode();
            open.used(clockMillis);
            changed(open, open.memoryBytes());
            return new Opened(shard, open.incarnation(), List.of(new RowChange(key.rowKey(), before, open.encode())));
        }
        List<RowChange> changes = new ArrayList<>();
        int count = shard.getSessionCount();
        if (count >= SESSIONS_MAX) {
            changes.addAll(evictLeastRecentlyUsed(command.getShard(), shard, batch));
            count -= changes.size();
        }
        Session session = new Session(key, shard.getSessionCounter() + 1, clockMillis);
        changes.add(new RowChange(key.rowKey(), null, session.encode()));
        remember(session);
        write(session, batch);
        ShardRecord record = shard.toBuilder()
                .setSessionCounter(session.incarnation())
                .setSessionCount(count + 1)
                .build();
        return new Opened(record, session.incarnation(), changes);
    }

    /** Of sessions used at the same time the order of clients decides: every replica evicts the same. */
    private List<RowChange> evictLeastRecentlyUsed(int shard, ShardRecord record, Rows.Batch batch) {
        List<Used> all = used(shard, record, _ -> true);
        all.sort(Comparator.comparingLong(Used::lastMillis));
        List<RowChange> evicted = new ArrayList<>();
        for (Used session : all.subList(0, Math.min(EVICTED_AT_ONCE, all.size()))) {
            evicted.add(
                    new RowChange(session.key().rowKey(), find(session.key()).encode(), null));
            evict(session.key(), batch);
        }
        return evicted;
    }

    ShardRecord evictIdle(int shard, ShardRecord record, long idleMillis, Rows.Batch batch) {
        long nowMillis = record.getClockMillis();
        List<Used> idle = used(shard, record, session -> Session.isIdle(session.lastMillis(), nowMillis, idleMillis));
        idle.forEach(session -> evict(session.key(), batch));
        return record.toBuilder()
                .setSessionCount(record.getSessionCount() - idle.size())
                .build();
    }

    private void evict(SessionKey key, Rows.Batch batch) {
        batch.delete(key.rowKey());
        forget(recent.remove(key));
    }

    private void forget(Session session) {
        if (session != null) {
            unwritten.remove(session.key());
            memoryBytes -= session.memoryBytes();
        }
    }

    private record Used(SessionKey key, long lastMillis) {}

    /** When the shard's sessions were used last, in the order of clients: which there are the rows tell, when they were used those in memory know better. */
    private List<Used> used(int shard, ShardRecord record, Predicate<Used> wanted) {
        List<Used> found = new ArrayList<>();
        try (Rows.Snapshot snapshot = rows.snapshot();
                Rows.Cursor cursor = snapshot.cursor(Keys.sessions(shard, record.getIncarnation()))) {
            for (; cursor.valid(); cursor.next()) {
                SessionKey key = SessionKey.ofRow(cursor.key());
                Session session = unwritten.get(key);
                long lastMillis =
                        session == null ? Session.parse(cursor.value()).getLastUsedMillis() : session.lastUsedMillis();
                Used used = new Used(key, lastMillis);
                if (wanted.test(used)) {
                    found.add(used);
                }
            }
        }
        return found;
    }

    /** The rows of an incarnation go, whatever is in memory. */
    void drop(int shard, long incarnation) {
        for (Iterator<Session> all = recent.values().iterator(); all.hasNext(); ) {
            Session session = all.next();
            if (session.key().shard() == shard && session.key().incarnation() == incarnation) {
                all.remove();
                forget(session);
            }
        }
    }

    /** Adds to the batch what the rows do not have. */
    void writeBack(Rows.Batch batch) {
        unwritten.values().forEach(session -> write(session, batch));
        unwritten.clear();
    }

    /** The same, of one shard. Whether there was anything. */
    boolean writeBack(int shard, Rows.Batch batch) {
        int before = unwritten.size();
        for (Iterator<Session> all = unwritten.values().iterator(); all.hasNext(); ) {
            Session session = all.next();
            if (session.key().shard() == shard) {
                write(session, batch);
                all.remove();
            }
        }
        return unwritten.size() < before;
    }

    /** Forgets the least recently used where there are too many; the batch gets those that the rows do not have. */
    void trim(Rows.Batch batch) {
        Iterator<Session> eldest = recent.values().iterator();
        while (memoryBytes > memoryMaxBytes && eldest.hasNext()) {
            Session session = eldest.next();
            if (session.isUnwritten()) {
                write(session, batch);
            }
            eldest.remove();
            forget(session);
        }
    }

    private static void write(Session session, Rows.Batch batch) {
        batch.put(session.key().rowKey(), session.encode());
        session.written();
    }
}
