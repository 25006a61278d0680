package dev.quorate.sim;

import dev.quorate.raft.Entry;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.ShardView;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Counts what happened: a simulation in which nothing happens would hold every invariant. */
public final class Census implements Observer {
    private record Reign(Member member, long term) {}

    private final Set<Reign> reigns = new HashSet<>();
    private long runs;
    private long simulatedMillis;
    private long steps;
    private long answers;
    private long starts;
    private long leaders;
    private long applied;
    private long snapshotsInstalled;
    private long readsLost;
    private long membershipChanges;
    private long adoptions;
    private long digest;

    @Override
    public void started(Member member, List<Entry> recovered) {
        starts++;
    }

    @Override
    public void stepped(Member member) {
        if (member.isLeader() && reigns.add(new Reign(member, member.status().term()))) {
            leaders++;
        }
    }

    @Override
    public void applied(Member member, Entry entry, ApplyResult result) {
        applied++;
        if (entry.type() == Entry.Type.MEMBERSHIP) {
            membershipChanges++;
        }
        if (result instanceof ApplyResult.Shard(ShardView shard, boolean changed)
                && changed
                && shard.owned()
                && shard.record().getIncarnation() == shard.record().getMoveId()) {
            adoptions++;
        }
        digest = digest * 31 + entry.hashCode();
    }

    @Override
    public void installed(Member member) {
        snapshotsInstalled++;
    }

    @Override
    public void readLost(Member member, long readId) {
        readsLost++;
    }

    void ran(long millis, long events, long answered) {
        runs++;
        simulatedMillis += millis;
        steps += events;
        answers += answered;
        digest = digest * 31 + events;
        reigns.clear();
    }

    void add(Census other) {
        runs += other.runs;
        simulatedMillis += other.simulatedMillis;
        steps += other.steps;
        answers += other.answers;
        starts += other.starts;
        leaders += other.leaders;
        applied += other.applied;
        snapshotsInstalled += other.snapshotsInstalled;
        readsLost += other.readsLost;
        membershipChanges += other.membershipChanges;
        adoptions += other.adoptions;
    }

    public long runs() {
        return runs;
    }

    public long simulatedMillis() {
        return simulatedMillis;
    }

    public long steps() {
        return steps;
    }

    /** Operations of clients that were answered. */
    public long answers() {
        return answers;
    }

    /** Processes started. */
    public long starts() {
        return starts;
    }

    public long leaders() {
        return leaders;
    }

    public long applied() {
        return applied;
    }

    public long snapshotsInstalled() {
        return snapshotsInstalled;
    }

    public long readsLost() {
        return readsLost;
    }

    /** Changes of a membership, counted by each member that applies one. */
    public long membershipChanges() {
        return membershipChanges;
    }

    /** Shards that a group took over by a move, counted by each member. */
    public long adoptions() {
        return adoptions;
    }

    /** Of one run: the same for the same scenario. */
    public long digest() {
        return digest;
    }

    @Override
    public String toString() {
        return ("%d leaders, %d starts, %d entries applied, %d snapshots installed, %d changes of membership, %d shards adopted,"
                        + " %d answers, %d reads given up")
                .formatted(
                        leaders, starts, applied, snapshotsInstalled, membershipChanges, adoptions, answers, readsLost);
    }
}
