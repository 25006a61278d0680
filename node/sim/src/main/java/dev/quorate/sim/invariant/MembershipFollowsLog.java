package dev.quorate.sim.invariant;

import dev.quorate.raft.Entry;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipCodec;
import dev.quorate.raft.Ready;
import dev.quorate.sim.member.LogImage;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/** The configuration in effect is the newest in the log, committed or not; once its entry is cut off, it is the one before (§6). */
public final class MembershipFollowsLog implements Observer {
    private record Place(long index, long term) {}

    private final Map<Place, Membership> changes = new HashMap<>();
    private final NavigableSet<Long> indexes = new TreeSet<>();

    @Override
    public void handedOut(Member member, Ready ready) {
        for (Entry entry : ready.entries()) {
            if (entry.type() == Entry.Type.MEMBERSHIP) {
                changes.put(new Place(entry.index(), entry.term()), MembershipCodec.decode(entry.data()));
                indexes.add(entry.index());
            }
        }
    }

    @Override
    public void turned(Member member) {
        Membership newest = newest(member.coreLog());
        if (newest != null && !newest.equals(member.status().membership())) {
            throw new Violation(
                    "membership follows log",
                    member + " goes by " + member.status().membership() + ", but the newest in its log is " + newest);
        }
    }

    /** Null when a snapshot holds it. */
    private Membership newest(LogImage log) {
        for (long index : indexes.headSet(log.lastIndex(), true).descendingSet()) {
            Membership change = index < log.firstIndex() ? null : changes.get(new Place(index, log.term(index)));
            if (change != null || index < log.firstIndex()) {
                return change;
            }
        }
        return null;
    }
}
