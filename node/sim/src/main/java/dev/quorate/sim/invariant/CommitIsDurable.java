package dev.quorate.sim.invariant;

import dev.quorate.raft.Membership;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.member.Surroundings.MemberDirectory;
import dev.quorate.sim.world.Violation;
import java.util.Set;
import java.util.UUID;

/** When an entry is first known to be committed, it is on the disks of a majority of voters (of both majorities when joint): no crash takes it back. */
public final class CommitIsDurable implements Observer {
    private final CommitHistory history;
    private final MemberDirectory members;
    private long checkedIndex;

    public CommitIsDurable(CommitHistory history, MemberDirectory members) {
        this.history = history;
        this.members = members;
    }

    @Override
    public void stepped(Member member) {
        check(member);
    }

    @Override
    public void turned(Member member) {
        check(member);
    }

    private void check(Member member) {
        long index = history.lastIndex();
        if (index == checkedIndex) {
            return;
        }
        checkedIndex = index;
        Membership membership = member.status().membership();
        requireMajority(member, membership.voters(), index);
        if (!membership.outgoing().isEmpty()) {
            requireMajority(member, membership.outgoing(), index);
        }
    }

    private void requireMajority(Member member, Set<UUID> voters, long index) {
        long holders = voters.stream()
                .filter(id -> members.member(id).durableLog().holds(index, history.entryTerm(index)))
                .count();
        if (holders <= voters.size() / 2) {
            throw new Violation(
                    "durable commit",
                    member + " committed entry " + index + ", which the disks of only " + holders + " of "
                            + voters.size() + " voters hold");
        }
    }
}
