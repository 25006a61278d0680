package dev.quorate.raft.sim;

import java.util.Collection;

/** When an entry is first known to be committed, it is on the disks of a majority: no crash takes it back. */
final class CommitIsDurable implements Invariant {
    private final CommitHistory history;
    private final Collection<SimMember> members;
    private long checkedIndex;

    CommitIsDurable(CommitHistory history, Collection<SimMember> members) {
        this.history = history;
        this.members = members;
    }

    @Override
    public void afterReadies(SimMember member) {
        long index = history.lastIndex();
        if (index == checkedIndex) {
            return;
        }
        checkedIndex = index;
        long holders = members.stream()
                .filter(each -> each.disk().holds(index, history.entryTerm(index)))
                .count();
        if (holders <= members.size() / 2) {
            throw new Violation(
                    "durable commit", member + " committed entry " + index + ", which only " + holders + " disks hold");
        }
    }
}
