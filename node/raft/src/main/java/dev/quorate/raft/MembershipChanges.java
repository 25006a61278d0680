package dev.quorate.raft;

import dev.quorate.raft.MembershipProposal.ChangeInProgress;
import dev.quorate.raft.MembershipProposal.NotCaughtUp;
import dev.quorate.raft.MembershipProposal.Unchanged;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** What a leader has to know about changes of its group (§6): whether one may begin, how far the one under way is, and whom it leaves out. */
final class MembershipChanges {
    private final Raft raft;
    private final ProgressTracker tracker;
    /** Ends of the log at the last two checks of the quorum: the older one is one to two election timeouts old. */
    private long lastIndexAtCheck;

    private long lastIndexAtCheckBefore;
    private int ticksSinceSettled;

    MembershipChanges(Raft raft, ProgressTracker tracker, long firstIndexOfTerm) {
        this.raft = raft;
        this.tracker = tracker;
        this.lastIndexAtCheck = firstIndexOfTerm;
        this.lastIndexAtCheckBefore = firstIndexOfTerm;
    }

    /** Why the change may not begin now, or null. */
    MembershipProposal refusal(Membership target) {
        Membership current = raft.membership();
        if (current.isJoint() || !isCommitted()) {
            return new ChangeInProgress();
        }
        if (target.equals(current)) {
            return new Unchanged();
        }
        Set<UUID> lagging = new HashSet<>(target.voters());
        lagging.removeIf(voter -> current.isVoter(voter) || isCaughtUp(tracker.get(voter)));
        return lagging.isEmpty() ? null : new NotCaughtUp(lagging);
    }

    /**
     * Whether the peer is alive and at most two election timeouts behind. A voter that has to fetch much of the log first could leave the group
     * without a majority for as long (§4.2.1 of the dissertation).
     */
    boolean isCaughtUp(PeerProgress peer) {
        return peer != null
                && peer.recentlyActive
                && peer.state() == PeerProgress.State.REPLICATE
                && peer.matchIndex() >= lastIndexAtCheckBefore;
    }

    /** Whether the configuration in effect is committed. */
    boolean isCommitted() {
        return raft.log().memberships().currentIndex() <= raft.log().commitIndex();
    }

    /** Whether the leader is, for good, no voter any more. */
    boolean leaveOutLeader() {
        return isCommitted() && !raft.membership().isVoter(raft.id());
    }

    /** The log got another configuration. */
    void appended() {
        ticksSinceSettled = 0;
        tracker.reconfigure(raft.membership(), raft.log().lastIndex());
    }

    /** Those that were left out have an election timeout to hear that it is committed; then they have no reason to campaign any more. */
    void tick() {
        if (tracker.hasDeparted()
                && isCommitted()
                && ++ticksSinceSettled >= raft.config().electionTicks()) {
            tracker.dropDeparted();
        }
    }

    void quorumChecked() {
        lastIndexAtCheckBefore = lastIndexAtCheck;
        lastIndexAtCheck = raft.log().lastIndex();
    }
}
