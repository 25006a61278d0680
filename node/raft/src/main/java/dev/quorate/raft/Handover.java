package dev.quorate.raft;

import dev.quorate.raft.Message.TimeoutNow;
import java.util.UUID;

/** A leader's attempt to hand leadership to a voter (§3.10 of the dissertation): bring its log up to the own one's end, then tell it to campaign. */
final class Handover {
    private final Raft raft;
    private PeerProgress target;
    private int ticks;

    Handover(Raft raft) {
        this.raft = raft;
    }

    void begin(PeerProgress peer) {
        target = peer;
        ticks = 0;
        proceed(peer);
    }

    /** Who is to take over, or null. */
    PeerProgress target() {
        return target;
    }

    boolean isUnderWay() {
        return target != null;
    }

    boolean isTo(UUID member) {
        return target != null && target.id.equals(member);
    }

    /** Tells the peer to campaign if it is the target and has everything. */
    void proceed(PeerProgress peer) {
        if (isTo(peer.id) && peer.matchIndex() == raft.log().lastIndex()) {
            raft.send(new TimeoutNow(raft.id(), peer.id, raft.term()));
        }
    }

    /** True when the target has not taken over within an election timeout, and is given up. */
    boolean tick() {
        if (target == null || ++ticks < raft.config().electionTicks()) {
            return false;
        }
        target = null;
        return true;
    }

    /** Another configuration is in effect: a target that it leaves out is given up. */
    void reconfigured(Membership membership) {
        if (target != null && !membership.voters().contains(target.id)) {
            target = null;
        }
    }
}
