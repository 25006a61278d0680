package dev.quorate.sim.invariant;

import dev.quorate.raft.RaftStatus;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import java.util.ArrayList;
import java.util.List;

/** Everything that any member ever knew to be committed, in which term; nobody may contradict it. */
public final class CommitHistory implements Observer {
    private record Commit(long entryTerm, long committedInTerm) {}

    /** By index, from 1. */
    private final List<Commit> commits = new ArrayList<>();

    public long lastIndex() {
        return commits.size();
    }

    long entryTerm(long index) {
        return commits.get((int) index - 1).entryTerm();
    }

    /** The last entry that was committed in an earlier term than this; 0 for none. */
    long lastIndexBefore(long term) {
        long index = lastIndex();
        while (index > 0 && commits.get((int) index - 1).committedInTerm() >= term) {
            index--;
        }
        return index;
    }

    /** A leader's at once: later in the same turn another membership may be in effect. */
    @Override
    public void stepped(Member member) {
        if (member.isLeader()) {
            note(member);
        }
    }

    @Override
    public void turned(Member member) {
        note(member);
    }

    private void note(Member member) {
        RaftStatus status = member.status();
        for (long index = lastIndex() + 1; index <= status.commitIndex(); index++) {
            if (index < member.coreLog().firstIndex()) {
                throw new Violation(
                        "commit is final",
                        member + " has a snapshot beyond entry " + index + ", which nobody committed");
            }
            commits.add(new Commit(member.coreLog().term(index), status.term()));
        }
    }
}
