package dev.quorate.raft.sim;

import java.util.ArrayList;
import java.util.List;

/** Everything that any member ever knew to be committed, in which term; nobody may contradict it. */
final class CommitHistory implements Invariant {
    private record Commit(long entryTerm, long committedInTerm) {}

    /** By index, from 1. */
    private final List<Commit> commits = new ArrayList<>();

    long lastIndex() {
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

    @Override
    public void afterReadies(SimMember member) {
        long commitIndex = member.status().commitIndex();
        for (long index = lastIndex() + 1; index <= commitIndex; index++) {
            commits.add(new Commit(member.memory().term(index), member.status().term()));
        }
    }
}
