package dev.quorate.raft;

import static dev.quorate.raft.InvariantViolation.check;

import dev.quorate.raft.LogView.CompactedException;
import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.AppendResponse;
import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.raft.Message.TimeoutNow;
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
    /** The first index of this term: entries from here on may be committed by counting replicas (§5.4.2). */
    private final long firstIndexOfTerm;

    private long uncommittedBytes;
    private int ticksSinceHeartbeat;
    private int ticksSinceQuorumCheck;
    private UUID transferTarget;
    private int transferTicks;
    private boolean needsFlush;

    Leader(Raft raft) {
        super(raft);
        firstIndexOfTerm = raft.log().lastIndex() + 1;
        tracker = new ProgressTracker(raft.id(), raft.membership(), firstIndexOfTerm, raft.config());
        self = tracker.get(raft.id());
        self.recentlyActive = true;
        self.readContext = Long.MAX_VALUE;
        reads = new ReadQueue(raft.outbox(), raft.term());
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
        if (transferTarget != null && ++transferTicks >= raft.config().electionTicks()) {
            // §3.10 of the dissertation: a target that does not take over within an election timeout is given up.
            transferTarget = null;
        }
        if (ticksSinceQuorumCheck >= raft.config().electionTicks()) {
            ticksSinceQuorumCheck = 0;
            if (!tracker.quorumIsActive()) {
                // Check-quorum (§6.2 of the dissertation): who lost the majority may have been replaced.
                raft.becomeFollower(raft.term(), null);
                return;
            }
            tracker.forgetActivity();
        }
        if (ticksSinceHeartbeat >= raft.config().heartbeatTicks()) {
            ticksSinceHeartbeat = 0;
            for (PeerProgress peer : tracker.others()) {
                sendHeartbeat(peer, reads.unconfirmedContext());
            }
        }
    }

    Proposal propose(List<byte[]> commands) {
        if (transferTarget != null) {
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

    private boolean hasCommittedInTerm() {
        return raft.log().commitIndex() >= firstIndexOfTerm;
    }

    void transferTo(UUID target) {
        if (target.equals(raft.id())
                || target.equals(transferTarget)
                || !raft.membership().isVoter(target)) {
            return;
        }
        transferTarget = target;
        transferTicks = 0;
        continueTransfer(tracker.get(target));
    }

    private void continueTransfer(PeerProgress peer) {
        if (peer.id.equals(transferTarget) && peer.matchIndex() == raft.log().lastIndex()) {
            raft.send(new TimeoutNow(raft.id(), peer.id, raft.term()));
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
        }
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
        if (peer.matched(message.index(), raft.log().firstIndex())) {
            commit();
        }
        continueTransfer(peer);
    }

    /** The logs differ at nextIndex - 1: go back, by terms (§5.3). */
    private void onRefusal(PeerProgress peer, AppendResponse message) {
        long agreedIndex = raft.log().lastIndexNotAbove(message.hintIndex(), message.hintTerm());
        peer.refused(message.index(), agreedIndex);
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
            boolean carried = sendEntries(peer, readContext);
            if (!carried && readContext != 0) {
                sendHeartbeat(peer, readContext);
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

    /** Sends as many appends as the peer's state allows. True when one of them carried the read context. */
    private boolean sendEntries(PeerProgress peer, long readContext) {
        RaftLog log = raft.log();
        boolean carried = false;
        while (!peer.isPaused() && (peer.nextIndex() <= log.lastIndex() || peer.lacksCommit(log.commitIndex()))) {
            long prevLogIndex = peer.nextIndex() - 1;
            try {
                List<Entry> entries =
                        log.entries(peer.nextIndex(), raft.config().maxAppendBytes());
                raft.send(append(peer, prevLogIndex, log.term(prevLogIndex), entries, carried ? 0 : readContext));
                peer.sent(entries, log.commitIndex());
                carried = true;
            } catch (CompactedException e) {
                sendSnapshot(peer);
                return carried;
            }
        }
        return carried;
    }

    /** What the follower needs is no longer in the log (§7). One that is not there gets nothing: a snapshot is too dear for that. */
    private void sendSnapshot(PeerProgress peer) {
        if (!peer.recentlyActive) {
            return;
        }
        SnapshotMeta snapshot = raft.log().snapshotToSend(raft.membership());
        peer.snapshotSent(snapshot.index());
        raft.send(new InstallSnapshot(raft.id(), peer.id, raft.term(), snapshot));
    }

    /**
     * An append without entries, sent whatever the peer's state (§5.2). It also finds out whether the appends before it arrived: a refusal means
     * that one was lost.
     */
    private void sendHeartbeat(PeerProgress peer, long readContext) {
        long prevLogIndex = peer.state() == PeerProgress.State.SNAPSHOT ? 0 : peer.nextIndex() - 1;
        long prevLogTerm = 0;
        try {
            prevLogTerm = raft.log().term(prevLogIndex);
        } catch (CompactedException e) {
            // What is in flight has left the log, so it can't be asked for. Every log agrees on its beginning.
            peer.probe();
            prevLogIndex = 0;
        }
        raft.send(append(peer, prevLogIndex, prevLogTerm, List.of(), readContext));
    }

    private AppendEntries append(
            PeerProgress peer, long prevLogIndex, long prevLogTerm, List<Entry> entries, long readContext) {
        return new AppendEntries(
                raft.id(),
                peer.id,
                raft.term(),
                prevLogIndex,
                prevLogTerm,
                entries,
                raft.log().commitIndex(),
                readContext);
    }

    Map<UUID, RaftStatus.Progress> progress() {
        Map<UUID, RaftStatus.Progress> progress = new LinkedHashMap<>();
        for (PeerProgress peer : tracker.others()) {
            boolean snapshotting = peer.state() == PeerProgress.State.SNAPSHOT;
            progress.put(
                    peer.id,
                    new RaftStatus.Progress(peer.matchIndex(), peer.nextIndex(), peer.recentlyActive, snapshotting));
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
