package dev.quorate.store;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sessions of late, by their rows' keys, as the rows have them: a client's next write need not read them again. For the applying thread alone. */
final class RecentSessions {
    private static final int SESSIONS_MAX = 4_096;
    /** Sessions that keep more results than this are not held: there are few, and they would make many. */
    private static final int RESULT_BYTES_MAX = 8 << 10;

    private final Map<ByteString, Session> sessions = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteString, Session> eldest) {
            return size() > SESSIONS_MAX;
        }
    };

    /** Null when it is not known, which does not say that there is none. */
    Session get(ByteString key) {
        return sessions.get(key);
    }

    /** The rows have it as it is. */
    void written(ByteString key, Session session) {
        if (session.resultBytes() <= RESULT_BYTES_MAX) {
            sessions.put(key, session);
        } else {
            sessions.remove(key);
        }
    }

    void remove(ByteString key) {
        sessions.remove(key);
    }

    /** It may differ from the rows. */
    void clear() {
        sessions.clear();
    }
}
