package dev.quorate.raft;

import static dev.quorate.raft.InvariantViolation.check;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.IntUnaryOperator;

/**
 * The consensus core of one member: a pure state machine, and not safe for use by more than one thread at a time. See the package for how it is
 * driven. Rules for all roles are in {@link Receiver} (figure 2, "Rules for Servers"); what a role does of its own is in its class.
 */
public final class Raft {
    private final RaftConfig config;
    private final IntUnaryOperator random;
    private final PendingWrites writes = new PendingWrites();
    private final Outbox outbox = new Outbox();
    private final RaftLog log;

    private final Ballot ballot;
    private final Receiver receiver;
    private Role role;
    private long readyNumber;
    private long lastReadId;

    /**
     * @param hardState as read from the log
     * @param membership the group's members as of {@code appliedIndex}; the log may hold later changes
     * @param appliedIndex last entry the state machine holds; entries up to it are committed
     * @param random n -> a number in [0, n), all of them equally likely; it is asked at once, to tell this life's messages from those of earlier ones
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
        this.ballot = new Ballot(hardState);
        this.receiver = new Receiver(this, ballot);
        this.log = new RaftLog(log, appliedIndex, membership, writes, config);
        check(
                this.log.lastTerm() <= hardState.term(),
                "the log is of a later term than the hard state",
                this.log.lastTerm(),
                hardState.term());
        // The start is in 62 bits at random, far away from what any other life has counted through.
        this.lastReadId = (long) random.applyAsInt(Integer.MAX_VALUE) << 31 | random.applyAsInt(Integer.MAX_VALUE);
        this.role = new Follower(this, null);
    }

    /** Logical time goes on by one tick. */
    public void tick() {
        role.tick();
    }

    /**
     * How many ticks from now one next does more than count, at least 1; the ticks before it neither change what {@link #status} tells nor send
     * anything. Any other call may change it. A driver may sleep until then and make up for the ticks afterwards.
     */
    public int ticksUntilAction() {
        return Math.max(1, role.ticksUntilAction());
    }

    /** Takes a message from a peer; messages of strangers and of older terms are dealt with inside. */
    public void step(Message message) {
        receiver.step(message);
    }

    /** Appends commands, in order, all or none. Never blocks. */
    public Proposal propose(List<byte[]> commands) {
        if (commands.isEmpty()) {
            throw new IllegalArgumentException("a proposal needs at least one command");
        }
        return role instanceof Leader leader ? leader.propose(commands) : new Proposal.NotLeader(role.leader());
    }

    /**
     * Changes who is in the group (§6), one change at a time: to the target at once when the voters stay the same, else by a joint configuration, which
     * the leader leaves by itself. New voters must be learners that have caught up. A leader that is not a voter of the target hands leadership on
     * once the change is committed.
     *
     * @throws IllegalArgumentException when the target has no voters, is joint, or names a voter as a learner
     */
    public MembershipProposal proposeMembership(Membership target) {
        if (target.voters().isEmpty()
                || target.isJoint()
                || target.learners().stream().anyMatch(target::isVoter)) {
            throw new IllegalArgumentException("a group has voters, and learners that are none of them: " + target);
        }
        return role instanceof Leader leader
                ? leader.proposeMembership(target)
                : new MembershipProposal.NotLeader(role.leader());
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

    /**
     * As {@link #readIndex}, on any member: a follower or learner asks its leader. False: no leader is known, or too many reads wait already. The read
     * is lost when leadership changes, or when the leader does not answer within an election timeout.
     */
    public boolean readIndexThroughLeader(long requestId) {
        return role.readIndexThroughLeader(requestId);
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
                || ballot.isUnwritten();
    }

    /** What is to be done now. Each thing is handed out once. */
    public Ready ready() {
        role.flush();
        HardState hardState = ballot.takeUnwritten();
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
                ballot.persisted(write.hardState);
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

    /**
     * The connection to this peer broke; a hint that costs nothing when it is wrong. A follower of that peer looks for another leader soon, by a
     * pre-vote, unless it hears from it again; a leader goes back to probing it.
     */
    public void connectionLost(UUID peer) {
        role.onConnectionLost(peer);
    }

    /** The driver finished or gave up sending a snapshot to this peer. */
    public void reportSnapshot(UUID peer, boolean delivered) {
        if (role instanceof Leader leader) {
            leader.snapshotDone(peer, delivered);
        }
    }

    /** Whether this member knows the entry of this index to be committed, be it in its log or in a snapshot. */
    public boolean hasCommitted(long index) {
        return log.commitIndex() >= index;
    }

    /** Whether committed entries wait until more is {@link #applied}. */
    public boolean withholdsCommitted() {
        return log.withholdsCommitted();
    }

    /** Whether the term, this member's part in it, or what it knows of its leader is not as an earlier status says. */
    public boolean hasChangedSince(RaftStatus earlier) {
        return earlier.role() != role.name()
                || earlier.term() != term()
                || earlier.handingOver() != isHandingOver()
                || !Objects.equals(earlier.leader(), role.leader());
    }

    private boolean isHandingOver() {
        return role instanceof Leader leader && leader.isHandingOver();
    }

    public RaftStatus status() {
        return new RaftStatus(
                id(),
                role.name(),
                term(),
                role.leader(),
                role.heir(),
                log.commitIndex(),
                log.appliedIndex(),
                log.firstIndex(),
                log.lastIndex(),
                membership(),
                log.memberships().currentIndex(),
                isHandingOver(),
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

    /**
     * Only voters do, and not in the middle of a snapshot's installation, when there is no log to stand for. One that C_new leaves out still does while
     * it does not know C_new to be committed: it may be the only one that has it (§4.2.2 of the dissertation).
     */
    private boolean mayCampaign() {
        return log.memberships().mayBeVoter(id(), log.commitIndex()) && !log.installsSnapshot();
    }

    void becomeCandidate(boolean transfer) {
        ballot.enter(term() + 1);
        ballot.voteFor(id());
        become(new Candidate(this, transfer));
    }

    void becomeLeader() {
        become(new Leader(this));
    }

    Follower becomeFollower(long newTerm, UUID leader) {
        if (newTerm != term()) {
            ballot.enter(newTerm);
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

    void send(Message message) {
        outbox.send(message);
    }

    void sendAfterPersist(Message message) {
        outbox.sendAfterPersist(message);
    }

    boolean hardStateIsDurable() {
        return ballot.isDurable();
    }

    int randomElectionTicks() {
        return config.electionTicks() + randomTicks(config.electionTicks());
    }

    /** A number in [0, bound). */
    int randomTicks(int bound) {
        return random.applyAsInt(bound);
    }

    /** An id for a request to the leader, never given before. */
    long nextReadId() {
        return ++lastReadId;
    }

    UUID id() {
        return config.memberId();
    }

    long term() {
        return ballot.term();
    }

    Role role() {
        return role;
    }

    RaftConfig config() {
        return config;
    }

    /** The configuration in effect: the newest in the log (§6). */
    Membership membership() {
        return log.memberships().current();
    }

    RaftLog log() {
        return log;
    }

    Outbox outbox() {
        return outbox;
    }
}
