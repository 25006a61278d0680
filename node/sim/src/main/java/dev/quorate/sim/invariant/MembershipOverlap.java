package dev.quorate.sim.invariant;

import dev.quorate.raft.Membership;
import dev.quorate.raft.RaftStatus;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import java.util.HashMap;
import java.util.Map;

/**
 * Any majority of a membership shares a member with any majority of the one that follows it (§6): the voters stay the same, or one of the two is joint
 * and has the other's voters as one of its halves. A leader changes the membership only when its last change is committed, and an entry of its own term
 * (errata to §4.1 of the dissertation).
 */
public final class MembershipOverlap implements Observer {
    private record Seen(long term, int life, long index, Membership membership, boolean committed) {}

    private final Map<Member, Seen> seen = new HashMap<>();

    @Override
    public void stepped(Member member) {
        if (!member.isLeader()) {
            return;
        }
        RaftStatus status = member.status();
        boolean committed = status.membershipIndex() <= status.commitIndex();
        Seen now = new Seen(status.term(), member.life(), status.membershipIndex(), status.membership(), committed);
        Seen before = seen.put(member, now);
        boolean sameReign = before != null && before.term == now.term && before.life == now.life;
        if (!sameReign || before.index == now.index) {
            return;
        }
        if (!overlap(before.membership, now.membership)) {
            throw new Violation(
                    "membership overlap", member + " changes " + before.membership + " to " + now.membership);
        }
        if (member.coreLog().term(status.commitIndex()) != status.term()) {
            throw new Violation(
                    "membership overlap",
                    member + " changes " + before.membership + " in term " + status.term()
                            + " before it has committed anything in it");
        }
        if (!before.committed && status.commitIndex() < before.index) {
            throw new Violation("membership overlap", member + " changes " + before + ", which is not committed");
        }
    }

    private static boolean overlap(Membership from, Membership to) {
        if (from.isJoint()) {
            return !to.isJoint() && to.voters().equals(from.voters());
        }
        return to.isJoint() ? to.outgoing().equals(from.voters()) : to.voters().equals(from.voters());
    }
}
