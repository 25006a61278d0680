package dev.quorate.raft;

import static dev.quorate.raft.InvariantViolation.check;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.AppendResponse;
import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.raft.Message.RequestVote;
import dev.quorate.raft.Message.TimeoutNow;
import dev.quorate.raft.Message.VoteResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.IntUnaryOperator;

/**
 * The consensus core of one member: a pure state machine, and not safe for use by more than one thread at a time. See the package for how it is
 * driven. Here are the rules for all roles (figure 2, "Rules for Servers"); what a role does of its own is in its class.
 */
public final class Raft {
    private final RaftConfig config;
    private final IntUnaryOperator random;
    private final PendingWrites writes = new PendingWrites();
    private final Outbox outbox = new Outbox();
    private final RaftLog log;

    private Membership membership;
    /** [PERSISTENT] Latest term the member has seen. */
    private long term;
    /** [PERSISTENT] Who got the member's vote in this term, or null. */
    private UUID votedFor;

    private HardState writtenState;
    private HardState durableState;
    private Role role;
    private long readyNumber;

    /**
     * @param hardState as read from the log
     * @param membership the group's members as of {@code appliedIndex}
     * @param appliedIndex last entry the state machine holds; entries up to it are committed
     * @param random n -> a number in [0, n)
     */
    public Raft(
            RaftConfig config,
            HardState hardState,
            Membership membership,
            long appliedIndex,
            LogView log,
            IntUnaryOperator random) {
        this.config = config;
        this.random = random;
        this.membership = membership;
        this.term = hardState.term();
        this.votedFor = hardState.votedFor();
        this.writtenState = hardState;
        this.durableState = hardState;
        this.log = new RaftLog(log, appliedIndex, writes, config);
        check(this.log.lastTerm() <= term, "the log is of a later term than the hard state", this.log.lastTerm(), term);
        this.role = new Follower(this, null);
    }

    /** Logical time goes on by one tick. */
    public void tick() {
        role.tick();
    }

    /** Takes a message from a peer; messages of strangers and of older terms are dealt with inside. */
    public void step(Message message) {
        if (!message.to().equals(config.memberId())) {
            return;
        }
        if (message instanceof RequestVote request
                && request.term() > term
                && role.holdsLease()
                && !request.transfer()) {
            // A member that hears of its leader lets nobody disturb it (end of §6; §4.2.3 of the dissertation).
            return;
        }
        if (message.term() < term) {
            answerEarlierTerm(message);
            return;
        }
        if (message.term() > term && !isPreVote(message)) {
            // §5.1: a later term turns everybody into a follower.
            boolean fromLeader = message instanceof AppendEntries || message instanceof InstallSnapshot;
            becomeFollower(message.term(), fromLeader ? message.from() : null);
        }
        switch (message) {
            case RequestVote request -> onRequestVote(request);
            case VoteResponse response -> role.onVoteResponse(response);
            case AppendEntries append -> role.onAppendEntries(append);
            case AppendResponse response -> role.onAppendResponse(response);
            case InstallSnapshot snapshot -> role.onInstallSnapshot(snapshot);
            case TimeoutNow timeout -> role.onTimeoutNow();
        }
    }

    /** A pre-vote and its grant speak of a term that nobody is in yet. */
    private static boolean isPreVote(Message message) {
        return switch (message) {
            case RequestVote request -> request.preVote();
            case VoteResponse response -> response.preVote() && response.granted();
            default -> false;
        };
    }

    /**
     * Requests of an earlier term are refused (§5.1). The refusal matters: pre-vote and leases keep a member of a later term from ever being
     * elected against a leader that lives, so it has to tell that leader its term.
     */
    private void answerEarlierTerm(Message message) {
        switch (message) {
            case RequestVote request -> send(voteResponse(request, false));
            case AppendEntries append -> send(termRefusal(append));
            case InstallSnapshot snapshot -> send(termRefusal(snapshot));
            case VoteResponse response -> {}
            case AppendResponse response -> {}
            case TimeoutNow timeout -> {}
        }
    }

    /**
     * Tells the term and nothing else. The sender may lead again by now, in this term; an echo of its earlier index or read context would then pass
     * for an answer to what it sends now, and could confirm a read that nobody confirmed.
     */
    private AppendResponse termRefusal(Message message) {
        return new AppendResponse(id(), message.from(), term, false, 0, 0, 0, 0);
    }

    /** RequestVote, receiver's rule 2 (figure 2): one vote a term, and only for a log at least as up-to-date (§5.2, §5.4.1). */
    private void onRequestVote(RequestVote request) {
        boolean free = request.preVote()
                ? request.term() > term
                : request.from().equals(votedFor) || (votedFor == null && role.leader() == null);
        boolean granted = free && log.isUpToDate(request.lastLogIndex(), request.lastLogTerm());
        VoteResponse response = voteResponse(request, granted);
        if (granted && !request.preVote()) {
            votedFor = request.from();
            role.onVoteGranted();
            sendAfterPersist(response);
        } else {
            send(response);
        }
    }

    private VoteResponse voteResponse(RequestVote request, boolean granted) {
        long answeredTerm = granted ? request.term() : term;
        return new VoteResponse(id(), request.from(), answeredTerm, granted, request.preVote());
    }

    /** Appends commands, in order, all or none. Never blocks. */
    public Proposal propose(List<byte[]> commands) {
        if (commands.isEmpty()) {
            throw new IllegalArgumentException("a proposal needs at least one command");
        }
        return role instanceof Leader leader ? leader.propose(commands) : new Proposal.NotLeader(role.leader());
    }

    /**
     * Asks for a linearizable read. False: not the leader, or too many reads wait already; nothing was registered. Else a read state or a lost
     * read with this id follows.
     *
     * @param requestId the caller's own, unique among its reads that are not answered
     */
    public boolean readIndex(long requestId) {
        return role instanceof Leader leader && leader.readIndex(requestId);
    }

    /** Hands leadership to a voter as soon as it is caught up; given up after an election timeout. No-op unless leader. */
    public void transferLeadership(UUID target) {
        if (role instanceof Leader leader) {
            leader.transferTo(target);
        }
    }

    /** Whether {@link #ready} has, or may have, something to do. */
    public boolean hasReady() {
        return role.needsFlush()
                || !outbox.isEmpty()
                || log.hasUnwritten()
                || log.hasDeliverable()
                || !isCurrent(writtenState);
    }

    /** What is to be done now. Each thing is handed out once. */
    public Ready ready() {
        role.flush();
        HardState hardState = null;
        if (!isCurrent(writtenState)) {
            hardState = new HardState(term, votedFor);
            writtenState = hardState;
        }
        SnapshotMeta snapshot = log.takeSnapshot();
        List<Entry> entries = log.takeUnwritten();
        readyNumber++;
        if (hardState != null || snapshot != null || !entries.isEmpty()) {
            writes.add(readyNumber, hardState, snapshot, log.lastIndex());
        }
        List<Entry> committed = log.takeDeliverable(config.maxCommittedBytes());
        if (role instanceof Leader leader) {
            leader.delivered(committed);
        }
        return new Ready(
                readyNumber,
                hardState,
                snapshot,
                entries,
                outbox.messages.take(),
                outbox.messagesAfterPersist.take(),
                committed,
                outbox.reads.take(),
                outbox.lostReads.take());
    }

    /** All readies up to this number are durable. */
    public void persisted(long readyNumber) {
        check(
                readyNumber <= this.readyNumber,
                "a ready was persisted that was not handed out",
                readyNumber,
                this.readyNumber);
        boolean any = false;
        for (PendingWrites.Write write = writes.pollUpTo(readyNumber);
                write != null;
                write = writes.pollUpTo(readyNumber)) {
            any = true;
            if (write.hardState != null) {
                durableState = write.hardState;
            }
            log.persisted(write);
        }
        if (any) {
            role.onPersisted();
        }
    }

    /**
     * The state machine has applied up to this index. Owed for every entry handed out: committed entries are withheld while as many bytes as one
     * ready may carry are not applied yet.
     */
    public void applied(long index) {
        log.applied(index);
    }

    /** The transport could not deliver to this peer: the leader goes back to probing it. */
    public void reportUnreachable(UUID peer) {
        if (role instanceof Leader leader) {
            leader.unreachable(peer);
        }
    }

    /** The driver finished or gave up sending a snapshot to this peer. */
    public void reportSnapshot(UUID peer, boolean delivered) {
        if (role instanceof Leader leader) {
            leader.snapshotDone(peer, delivered);
        }
    }

    public RaftStatus status() {
        return new RaftStatus(
                id(),
                role.name(),
                term,
                role.leader(),
                log.commitIndex(),
                log.appliedIndex(),
                log.firstIndex(),
                log.lastIndex(),
                membership,
                role instanceof Leader leader ? leader.progress() : Map.of());
    }

    /** What became of a call of {@link #propose}. */
    public sealed interface Proposal {
        /** In the leader's log at {@code firstIndex ...}, of this term; committed when these indexes are applied with this term. */
        record Accepted(long firstIndex, long term) implements Proposal {}

        /** @param leader whom to ask, or null when unknown */
        record NotLeader(UUID leader) implements Proposal {}

        /** Too much is uncommitted, or leadership is being handed over. Nothing was appended. */
        record Busy() implements Proposal {}
    }

    /** Starts an election, by its dry run (§5.2; §9.6 of the dissertation). */
    void campaign() {
        if (mayCampaign()) {
            become(new PreCandidate(this));
        }
    }

    /** The leader asked for it, so there is nobody to protect by a dry run (§3.10 of the dissertation). */
    void campaignForTransfer() {
        if (mayCampaign()) {
            becomeCandidate(true);
        }
    }

    /** Only voters do, and not in the middle of a snapshot's installation, when there is no log to stand for. */
    private boolean mayCampaign() {
        return membership.isVoter(id()) && !log.installsSnapshot();
    }

    void becomeCandidate(boolean transfer) {
        term++;
        votedFor = id();
        become(new Candidate(this, transfer));
    }

    void becomeLeader() {
        become(new Leader(this));
    }

    Follower becomeFollower(long newTerm, UUID leader) {
        check(newTerm >= term, "a term would go back", newTerm, term);
        if (newTerm > term) {
            term = newTerm;
            votedFor = null;
        }
        Follower follower = new Follower(this, leader);
        become(follower);
        return follower;
    }

    private void become(Role next) {
        role.leave();
        role = next;
        next.enter();
    }

    /** The log and the membership are those of the snapshot from now on (§7). */
    void restore(SnapshotMeta snapshot) {
        log.restore(snapshot);
        membership = snapshot.membership();
    }

    void send(Message message) {
        outbox.send(message);
    }

    void sendAfterPersist(Message message) {
        outbox.sendAfterPersist(message);
    }

    boolean hardStateIsDurable() {
        return isCurrent(durableState);
    }

    private boolean isCurrent(HardState state) {
        return state.term() == term && Objects.equals(state.votedFor(), votedFor);
    }

    int randomElectionTicks() {
        return config.electionTicks() + random.applyAsInt(config.electionTicks());
    }

    UUID id() {
        return config.memberId();
    }

    long term() {
        return term;
    }

    RaftConfig config() {
        return config;
    }

    Membership membership() {
        return membership;
    }

    RaftLog log() {
        return log;
    }

    Outbox outbox() {
        return outbox;
    }
}
