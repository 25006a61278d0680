package dev.quorate.sim.invariant;

import dev.quorate.raft.Entry;
import dev.quorate.raft.HardState;
import dev.quorate.raft.Message;
import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.AppendResponse;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.sim.member.LogImage;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.ApplyResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a member tells others that it holds is on its disk, and what was on its disk is there after every crash: entries, save those that it was about to
 * replace by others or by a snapshot, and term and vote. Nothing is applied that is not durable here.
 */
public final class DurableBeforeAcknowledged implements Observer {
    /** What a member's disk held at its last sync. */
    private record Promise(LogImage log, HardState state) {}

    private final Map<Member, Promise> promises = new HashMap<>();

    @Override
    public void synced(Member member) {
        note(member);
    }

    private void note(Member member) {
        promises.put(member, new Promise(member.durableLog(), member.durableState()));
    }

    @Override
    public void started(Member member, List<Entry> recovered) {
        Promise promise = promises.get(member);
        if (promise != null) {
            checkRecovered(member, promise);
        }
        note(member);
    }

    private static void checkRecovered(Member member, Promise promise) {
        LogImage found = member.coreLog();
        long kept = Math.min(promise.log.lastIndex(), member.firstUnsyncedIndex() - 1);
        boolean inLog = kept < promise.log.firstIndex() || found.holds(kept, promise.log.term(kept));
        SnapshotMeta snapshot = member.unsyncedSnapshot();
        boolean replaced = snapshot != null && found.holds(snapshot.index(), snapshot.term());
        if (!replaced && (!inLog || found.lastIndex() < kept)) {
            throw new Violation(
                    "durable means durable",
                    member + " comes back without entry " + kept + ": its log ends at " + found.lastIndex());
        }
        HardState state = member.durableState();
        boolean sameVote =
                promise.state.votedFor() == null || promise.state.votedFor().equals(state.votedFor());
        if (state.term() < promise.state.term() || state.term() == promise.state.term() && !sameVote) {
            throw new Violation(
                    "durable means durable", member + " comes back with " + state + " after " + promise.state);
        }
    }

    @Override
    public void sent(Member member, Message message) {
        switch (message) {
            case AppendResponse response -> requireDurable(member, response);
            case AppendEntries append -> requireDurableTerm(member, append.term());
            default -> {}
        }
    }

    /** An answer to an earlier term may come late: a leader of a later one was elected without the entry then, so it can't be committed. */
    private static void requireDurable(Member member, AppendResponse response) {
        boolean current =
                response.success() && response.term() == member.status().term();
        if (current && response.index() > member.durableLog().lastIndex()) {
            throw new Violation(
                    "durable before acknowledged",
                    member + " acknowledges entry " + response.index() + ", but its disk ends at "
                            + member.durableLog().lastIndex());
        }
    }

    /** A leader's own vote for itself is part of its majority. */
    private static void requireDurableTerm(Member member, long term) {
        if (member.durableState().term() < term) {
            throw new Violation(
                    "durable before acknowledged",
                    member + " leads term " + term + " with " + member.durableState() + " on its disk");
        }
    }

    @Override
    public void applied(Member member, Entry entry, ApplyResult result) {
        if (!member.durableLog().holds(entry.index(), entry.term())) {
            throw new Violation("applied is durable", member + " applies " + entry + ", which is not on its disk");
        }
    }
}
