package dev.quorate.raft;

import static dev.quorate.raft.InvariantViolation.check;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.AppendResponse;
import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.raft.Message.ReadIndexRequest;
import dev.quorate.raft.Raft.Proposal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Replicates its log (§5.3) and confirms reads. Nothing is sent while a message is being handled: {@link #flush} sends, once per ready, what
 * has become possible by then. That is where proposals, acknowledgements and reads that come together share their messages.
 */
final class Leader extends Role {
    private final ProgressTracker tracker;
    private final PeerProgress self;
    private final ReadQueue reads;
    private final Replicator replicator;
    private final Handover handover;
    private final MembershipChanges changes;
    /** The first index of this term: entries from here on may be committed by counting replicas (§5.4.2). */
    private final long firstIndexOfTerm;

    private long uncommittedBytes;
    private int ticksSinceHeartbeat;
    private int ticksSinceQuorumCheck;
    private boolean needsFlush;

    Leader(Raft raft) {
        super(raft);
        firstIndexOfTerm = raft.log().lastIndex() + 1;
        tracker = new ProgressTracker(raft.id(), raft.membership(), firstIndexOfTerm, raft.config());
        self = tracker.get(raft.id());
        self.recentlyActive = true;
        self.readContext = Long.MAX_VALUE;
        reads = new ReadQueue(raft);
        replicator = new Replicator(raft);
        handover = new Handover(raft);
        changes = new MembershipChanges(raft, tracker, firstIndexOfTerm);
    }

    @Override
    RaftStatus.Role name() {
        return RaftStatus.Role.LEADER;
    }

    @Override
    UUID leader() {
        return raft.id();
    }

    @Override
    boolean holdsLease() {
        return true;
    }

    /** A new leader commits an empty entry: with it, all that earlier terms left (§5.4.2, §8). */
    @Override
    void enter() {
        raft.log().append(new Entry(firstIndexOfTerm, raft.term(), Entry.Type.EMPTY, new byte[0]));
        onPersisted();
        needsFlush = true;
    }

    @Override
    void leave() {
        reads.loseAll();
    }

    @Override
    void tick() {
        ticksSinceHeartbeat++;
        ticksSinceQuorumCheck++;
        changes.tick();
        if (handover.tick() && changes.leaveOutLeader()) {
            raft.becomeFollower(raft.term(), null);
            return;
        }
        if (ticksSinceQuorumCheck >= raft.config().electionTicks()) {
            ticksSinceQuorumCheck = 0;
            if (!tracker.quorumIsActive()) {
                // Check-quorum (§6.2 of the dissertation): who lost the majority may have been replaced.
                raft.becomeFollower(raft.term(), null);
                return;
            }
            tracker.forgetActivity();
            changes.quorumChecked();
        }
        if (ticksSinceHeartbeat >= raft.config().heartbeatTicks()) {
            ticksSinceHeartbeat = 0;
            for (PeerProgress peer : tracker.others()) {
                replicator.sendHeartbeat(peer, reads.unconfirmedContext());
            }
        }
    }

    @Override
    int ticksUntilAction() {
        RaftConfig config = raft.config();
        return handover.isUnderWay() || tracker.hasDeparted()
                ? 1
                : Math.min(
                        config.heartbeatTicks() - ticksSinceHeartbeat, config.electionTicks() - ticksSinceQuorumCheck);
    }

    Proposal propose(List<byte[]> commands) {
        if (handover.blocksProposals()) {
            return new Proposal.Busy();
        }
        long bytes = 0;
        for (byte[] command : commands) {
            bytes += command.length + Entry.OVERHEAD_BYTES;
        }
        // One proposal greater than the bound must get through when it is alone.
        if (uncommittedBytes > 0 && uncommittedBytes + bytes > raft.config().maxUncommittedBytes()) {
            return new Proposal.Busy();
        }
        RaftLog log = raft.log();
        long firstIndex = log.lastIndex() + 1;
        for (byte[] command : commands) {
            log.append(new Entry(log.lastIndex() + 1, raft.term(), Entry.Type.COMMAND, command));
        }
        uncommittedBytes += bytes;
        needsFlush = true;
        return new Proposal.Accepted(firstIndex, raft.term());
    }

    boolean isHandingOver() {
        return handover.blocksProposals();
    }

    MembershipProposal proposeMembership(Membership target) {
        if (handover.isUnderWay() || !hasCommittedInTerm()) {
            // The second is what Raft's single-server changes lacked at first: an earlier term's change might come to
            // be committed still.
            return new MembershipProposal.Busy();
        }
        MembershipProposal refusal = changes.refusal(target);
        if (refusal != null) {
            return refusal;
        }
        append(raft.membership().enter(target));
        return new MembershipProposal.Accepted(raft.log().lastIndex(), raft.term());
    }

    /** A configuration is in effect as soon as it is in the log (§6). */
    private void append(Membership membership) {
        RaftLog log = raft.log();
        Entry entry =
                new Entry(log.lastIndex() + 1, raft.term(), Entry.Type.MEMBERSHIP, MembershipCodec.encode(membership));
        log.append(entry);
        uncommittedBytes += entry.sizeBytes();
        changes.appended();
        handover.reconfigured(membership);
        needsFlush = true;
    }

    /** These entries are handed out to be applied: they make room for proposals. */
    void delivered(List<Entry> entries) {
        for (Entry entry : entries) {
            // Only what was proposed here was counted.
            if (entry.index() > firstIndexOfTerm) {
                uncommittedBytes -= entry.sizeBytes();
            }
        }
        check(uncommittedBytes >= 0, "more bytes were committed than proposed", uncommittedBytes, 0);
    }

    boolean readIndex(long requestId) {
        boolean added = reads.add(requestId);
        needsFlush |= added && hasCommittedInTerm();
        return added;
    }

    @Override
    boolean readIndexThroughLeader(long requestId) {
        return readIndex(requestId);
    }

    /** A stranger's log may never come as far as the answer. */
    @Override
    void onReadIndexRequest(ReadIndexRequest message) {
        if (tracker.get(message.from()) == null) {
            super.onReadIndexRequest(message);
            return;
        }
        reads.addForwarded(message);
        needsFlush |= hasCommittedInTerm();
    }

    private boolean hasCommittedInTerm() {
        return raft.log().commitIndex() >= firstIndexOfTerm;
    }

    void transferTo(UUID target) {
        if (!target.equals(raft.id())
                && !handover.isTo(target)
                && raft.membership().voters().contains(target)) {
            handOverTo(tracker.get(target));
        }
    }

    /** The leader's own disk counts like any other's, and only once it is done (§10.2.1 of the dissertation). */
    @Override
    void onPersisted() {
        self.matched(raft.log().stableIndex(), 0);
        commit();
    }

    private void commit() {
        RaftLog log = raft.log();
        long quorumIndex = tracker.quorumMatchIndex();
        // Only entries of the own term are committed by counting replicas, and those before with them (§5.4.2).
        if (quorumIndex > log.commitIndex() && quorumIndex >= firstIndexOfTerm) {
            log.commitTo(quorumIndex);
            needsFlush = true;
            followChange();
        }
    }

    /** Once C_old,new is committed comes C_new; once C_new is, a leader that is not in it hands on (§6). */
    private void followChange() {
        if (!changes.isCommitted()) {
            return;
        }
        if (raft.membership().isJoint()) {
            append(raft.membership().leave());
        } else if (changes.leaveOutLeader() && !handover.isUnderWay()) {
            handOverTo(tracker.bestSuccessor());
        }
    }

    private void handOverTo(PeerProgress successor) {
        handover.begin(successor, changes.isCaughtUp(successor));
    }

    @Override
    void onAppendResponse(AppendResponse message) {
        PeerProgress peer = tracker.get(message.from());
        if (peer == null) {
            return;
        }
        peer.recentlyActive = true;
        needsFlush = true;
        if (message.readContext() > peer.readContext) {
            // Refusals count as well: they too come from a member that knows of no later term.
            peer.readContext = message.readContext();
            reads.confirm(tracker.quorumReadContext());
        }
        if (!message.success()) {
            onRefusal(peer, message);
            return;
        }
        check(
                message.index() <= raft.log().lastIndex(),
                "a follower has more than its leader",
                message.index(),
                raft.log().lastIndex());
        boolean grew = peer.matched(message.index(), raft.log().firstIndex());
        handover.proceed(peer, changes.isCaughtUp(peer));
        if (grew) {
            commit();
        }
    }

    /** The logs differ at nextIndex - 1: go back, by terms (§5.3). */
    private void onRefusal(PeerProgress peer, AppendResponse message) {
        long agreedIndex = raft.log().lastIndexNotAbove(message.hintIndex(), message.hintTerm());
        peer.refused(message.index(), agreedIndex);
    }

    @Override
    void onConnectionLost(UUID peer) {
        unreachable(peer);
    }

    void unreachable(UUID member) {
        PeerProgress peer = tracker.get(member);
        if (peer != null) {
            peer.probe();
        }
    }

    void snapshotDone(UUID member, boolean delivered) {
        PeerProgress peer = tracker.get(member);
        if (peer != null) {
            peer.snapshotDone(delivered);
        }
    }

    @Override
    boolean needsFlush() {
        return needsFlush;
    }

    @Override
    void flush() {
        if (!needsFlush) {
            return;
        }
        needsFlush = false;
        long readContext = startReads();
        for (PeerProgress peer : tracker.others()) {
            boolean carried = replicator.sendEntries(peer, readContext);
            if (!carried && readContext != 0 && raft.membership().isVoter(peer.id)) {
                replicator.sendHeartbeat(peer, readContext);
            }
        }
    }

    /** Starts a round of confirmation for the reads that came since the last; 0 when there is none to start. */
    private long startReads() {
        // Before it has committed in its term, a leader does not know what is committed (step 1 of §6.4).
        if (!reads.hasOpen() || !hasCommittedInTerm()) {
            return 0;
        }
        long context = reads.close(raft.log().commitIndex());
        // A leader that is a quorum by itself confirms at once.
        reads.confirm(tracker.quorumReadContext());
        return context;
    }

    Map<UUID, RaftStatus.Progress> progress() {
        Map<UUID, RaftStatus.Progress> progress = new LinkedHashMap<>();
        for (PeerProgress peer : tracker.others()) {
            boolean snapshotting = peer.state() == PeerProgress.State.SNAPSHOT;
            progress.put(
                    peer.id,
                    new RaftStatus.Progress(
                            peer.matchIndex(),
                            peer.nextIndex(),
                            peer.recentlyActive,
                            snapshotting,
                            changes.isCaughtUp(peer)));
        }
        return progress;
    }

    @Override
    void onAppendEntries(AppendEntries message) {
        check(false, "two leaders in one term");
    }

    @Override
    void onInstallSnapshot(InstallSnapshot message) {
        check(false, "two leaders in one term");
    }
}
