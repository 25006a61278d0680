package dev.quorate.raft;

import java.util.List;
import java.util.UUID;

/**
 * How far a member's log is, as the leader knows (figure 2, nextIndex and matchIndex).
 *
 * <p>Invariant: {@code 0 <= matchIndex < nextIndex}.
 */
final class PeerProgress {
    /** How the leader sends to the member. */
    enum State {
        /** One append at a time: where the logs agree is not known, or messages get lost. */
        PROBE,
        /** A window of appends, each sent in the belief that those before arrived. */
        REPLICATE,
        /** Nothing but heartbeats until the snapshot is there or given up. */
        SNAPSHOT
    }

    final UUID id;
    private final InflightWindow inflight;

    private State state = State.PROBE;
    private long matchIndex;
    private long nextIndex;
    private boolean probeUnanswered;
    private long snapshotIndex;
    /** Greatest commitIndex the member was told. */
    private long sentCommit;

    /** Heard of since the last check of the quorum. */
    boolean recentlyActive;
    /** Greatest read context answered. */
    long readContext;

    PeerProgress(UUID id, long nextIndex, RaftConfig config) {
        this.id = id;
        this.nextIndex = nextIndex;
        this.inflight = new InflightWindow(config.maxInflightAppends(), config.maxInflightBytes());
    }

    State state() {
        return state;
    }

    long matchIndex() {
        return matchIndex;
    }

    long nextIndex() {
        return nextIndex;
    }

    /** No entries may be sent now. */
    boolean isPaused() {
        return switch (state) {
            case PROBE -> probeUnanswered;
            case REPLICATE -> inflight.isFull();
            case SNAPSHOT -> true;
        };
    }

    /**
     * Whether it is worth a message to tell the commitIndex alone. While anything is in flight it is not: the answer brings the leader back here,
     * mostly with entries to send along.
     */
    boolean lacksCommit(long commitIndex) {
        return state == State.REPLICATE && inflight.isEmpty() && sentCommit < Math.min(commitIndex, nextIndex - 1);
    }

    /** An append with these entries was sent. */
    void sent(List<Entry> entries, long commitIndex) {
        if (!entries.isEmpty()) {
            if (state == State.PROBE) {
                probeUnanswered = true;
            } else {
                nextIndex = entries.getLast().index() + 1;
                inflight.add(nextIndex - 1, sizeBytes(entries));
            }
        }
        sentCommit = Math.max(sentCommit, Math.min(commitIndex, nextIndex - 1));
    }

    /** The member has the log up to this index, durably. True when that is news to act upon. */
    boolean matched(long index, long firstIndex) {
        boolean grew = index > matchIndex;
        matchIndex = Math.max(matchIndex, index);
        nextIndex = Math.max(nextIndex, matchIndex + 1);
        switch (state) {
            case PROBE -> {
                if (index == nextIndex - 1) {
                    become(State.REPLICATE);
                } else {
                    // Alive, but not known to match where the probe stands: it acknowledges its commitIndex, or only
                    // what is durable, which is nothing while it installs a snapshot. So probe it again.
                    probeUnanswered = false;
                }
            }
            case REPLICATE -> inflight.freeTo(index);
            case SNAPSHOT -> {
                // However the member got there, the log goes on where it is.
                if (matchIndex + 1 >= firstIndex) {
                    become(State.REPLICATE);
                }
            }
        }
        return grew;
    }

    /**
     * The member refused an append whose prevLogIndex was {@code refusedIndex} (§5.3). False when that is old news: refusals arrive late and twice.
     *
     * @param agreedIndex where the two logs may agree, at most
     */
    boolean refused(long refusedIndex, long agreedIndex) {
        boolean stale = switch (state) {
            case PROBE -> refusedIndex != nextIndex - 1;
            case REPLICATE -> refusedIndex <= matchIndex;
            case SNAPSHOT -> true;
        };
        if (stale) {
            return false;
        }
        become(State.PROBE);
        nextIndex = Math.max(Math.min(refusedIndex, agreedIndex + 1), matchIndex + 1);
        return true;
    }

    /** Messages got lost, perhaps: find out again where the member is. */
    void probe() {
        if (state == State.REPLICATE) {
            become(State.PROBE);
        }
    }

    void snapshotSent(long index) {
        become(State.SNAPSHOT);
        snapshotIndex = index;
    }

    /** The snapshot was delivered or given up. The next append waits for a sign of life: sending at once would only repeat what just failed. */
    void snapshotDone(boolean delivered) {
        if (state != State.SNAPSHOT) {
            return;
        }
        long next = delivered ? Math.max(matchIndex, snapshotIndex) + 1 : matchIndex + 1;
        become(State.PROBE);
        nextIndex = next;
        probeUnanswered = true;
    }

    private void become(State next) {
        state = next;
        inflight.clear();
        probeUnanswered = false;
        snapshotIndex = 0;
        sentCommit = 0;
        nextIndex = matchIndex + 1;
    }

    private static long sizeBytes(List<Entry> entries) {
        long bytes = 0;
        for (Entry entry : entries) {
            bytes += entry.sizeBytes();
        }
        return bytes;
    }
}
