package dev.quorate.raft.sim;

import dev.quorate.raft.Entry;
import java.util.HashSet;
import java.util.Set;

/** Counts what happened, over all runs: a simulation in which nothing happens would hold every invariant. */
final class Census implements Invariant {
    private record Life(SimMember member, int incarnation) {}

    private record Reign(SimMember member, long term) {}

    /** Of the run that is under way. */
    private final Set<Life> lives = new HashSet<>();

    private final Set<Reign> reigns = new HashSet<>();
    private long restarts;
    private long leaders;
    private long applied;
    private long snapshotsInstalled;
    private long readsAnswered;
    private long readsLost;

    @Override
    public void onApplied(SimMember member, Entry entry) {
        applied++;
    }

    @Override
    public void onInstalled(SimMember member) {
        snapshotsInstalled++;
    }

    @Override
    public void onReadAnswered(long requestId, long index) {
        readsAnswered++;
    }

    @Override
    public void onReadLost(long requestId) {
        readsLost++;
    }

    @Override
    public void afterStep(SimMember member) {
        if (member.incarnation() > 0) {
            lives.add(new Life(member, member.incarnation()));
        }
        if (member.isLeader()) {
            reigns.add(new Reign(member, member.status().term()));
        }
    }

    @Override
    public void atEnd() {
        restarts += lives.size();
        leaders += reigns.size();
        lives.clear();
        reigns.clear();
    }

    long leaders() {
        return leaders;
    }

    long applied() {
        return applied;
    }

    long snapshotsInstalled() {
        return snapshotsInstalled;
    }

    long readsAnswered() {
        return readsAnswered;
    }

    long readsLost() {
        return readsLost;
    }

    long restarts() {
        return restarts;
    }

    @Override
    public String toString() {
        return "%d leaders, %d entries applied, %d snapshots installed, %d reads answered and %d lost, %d restarts"
                .formatted(leaders, applied, snapshotsInstalled, readsAnswered, readsLost, restarts);
    }
}
