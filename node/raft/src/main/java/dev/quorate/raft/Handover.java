package dev.quorate.raft;

import dev.quorate.raft.Message.TimeoutNow;
import java.util.UUID;

/** A leader's attempt to hand leadership to a voter (§3.10 of the dissertation): bring its log up to the own one's end, then tell it to campaign. */
final class Handover {
    private final Raft raft;
    private PeerProgress target;
    private boolean targetIsNear;
    private int ticks;

    Handover(Raft raft) {
        this.raft = raft;
    }

    /** @param near whether the peer lags so little that it will soon have everything if nothing is added */
    void begin(PeerProgress peer, boolean near) {
        target = peer;
        targetIsNear = false;
        ticks = 0;
        proceed(peer, near);
    }

    boolean isUnderWay() {
        return target != null;
    }

    /** While the target still lags far behind, the group need not wait for it. */
    boolean blocksProposals() {
        return target != null && targetIsNear;
    }

    boolean isTo(UUID member) {
        return target != null && target.id.equals(member);
    }

    /** If the peer is the target: tells it to campaign as soon as it has everything. */
    void proceed(PeerProgress peer, boolean near) {
        if (!isTo(peer.id)) {
            return;
        }
        targetIsNear |= near;
        if (peer.matchIndex() == raft.log().lastIndex()) {
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
