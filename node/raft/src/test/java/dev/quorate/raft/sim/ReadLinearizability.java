package dev.quorate.raft.sim;

import java.util.HashMap;
import java.util.Map;

/** A read sees everything that was committed anywhere when it was asked for, and is answered or given up, once. */
final class ReadLinearizability implements Invariant {
    private record Read(long committedBefore, SimMember member, int incarnation) {}

    private final CommitHistory history;
    private final Map<Long, Read> waiting = new HashMap<>();

    ReadLinearizability(CommitHistory history) {
        this.history = history;
    }

    @Override
    public void onReadAccepted(SimMember member, long requestId) {
        waiting.put(requestId, new Read(history.lastIndex(), member, member.incarnation()));
    }

    @Override
    public void onReadAnswered(long requestId, long index) {
        Read read = take(requestId);
        if (index < read.committedBefore()) {
            throw new Violation(
                    "read linearizability",
                    "read " + requestId + " at " + index + " misses entries up to " + read.committedBefore()
                            + ", committed before it");
        }
    }

    @Override
    public void onReadLost(long requestId) {
        take(requestId);
    }

    private Read take(long requestId) {
        Read read = waiting.remove(requestId);
        if (read == null) {
            throw new Violation("read linearizability", "read " + requestId + " was answered twice");
        }
        return read;
    }

    @Override
    public void atEnd() {
        waiting.forEach((requestId, read) -> {
            // Those of members that crashed went with them.
            if (read.incarnation() == read.member().incarnation()) {
                throw new Violation(
                        "read liveness", "read " + requestId + " of " + read.member() + " was never answered");
            }
        });
    }
}
