package dev.quorate.server.driver;

import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipProposal;
import dev.quorate.raft.Message;
import dev.quorate.raft.Raft;
import dev.quorate.raft.RaftStatus;
import dev.quorate.server.disk.DiskSpace;
import dev.quorate.store.Checkpoint;
import dev.quorate.store.Store;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One member's core at work, with its threads. All methods but the constructor may be called from any thread and none blocks, but for {@link #stop}. */
public final class RaftDriver {
    private final CoreLoop core;
    private final Inbox inbox;
    private final Applier applier;
    private volatile boolean stopping;

    /**
     * @param loop that the peers' connections are on: the core shares its thread with them
     * @param transferTicks how long the core tries a transfer of leadership: its election timeout
     * @param installer called by the log writer when the core takes a snapshot that was received
     */
    public RaftDriver(
            String name,
            EventLoop loop,
            Raft raft,
            WriteAheadLog log,
            Store store,
            PeerNetwork network,
            SnapshotInstaller installer,
            DiskSpace space,
            DriverListener listener,
            DriverMeters meters,
            Halt halt,
            Duration tick,
            int transferTicks) {
        this.core = new CoreLoop(
                name,
                loop,
                raft,
                log,
                store,
                network,
                installer,
                space,
                listener,
                meters,
                halt,
                new CoreLoop.Timing(tick.toNanos(), transferTicks));
        this.inbox = core.inbox();
        this.applier = core.applier();
    }

    public void start() {
        core.start();
    }

    /** What the calling thread proposes and reads meanwhile shares one turn of the loop, which begins no earlier than this returns. */
    public void together(Runnable requests) {
        core.together(requests);
    }

    public void receive(Message message) {
        inbox.offer(message);
    }

    /**
     * A snapshot has arrived as a whole.
     *
     * @param onDecision told, on the loop, which it must not block, whether the core may install it: false when it refused, and never will
     */
    public void receive(Message.InstallSnapshot message, Consumer<Boolean> onDecision) {
        inbox.order(new Order.SnapshotReceived(message, onDecision));
    }

    /**
     * Busy at once when too many wait already, or too many bytes.
     *
     * @param onOutcome called once, if at all, mostly on a thread of the driver: must not block
     */
    public void propose(byte[] command, Consumer<Outcome> onOutcome) {
        Proposal proposal = new Proposal(command, onOutcome);
        if (!inbox.offer(proposal)) {
            proposal.complete(new Outcome.Busy(false));
        } else if (stopping) {
            proposal.complete(new Outcome.Unknown());
        }
    }

    /** The same for who may wait. */
    public CompletableFuture<Outcome> propose(byte[] command) {
        var outcome = new CompletableFuture<Outcome>();
        propose(command, outcome::complete);
        return outcome;
    }

    /** False when too many wait already: the task will not be called. */
    public boolean read(ReadTask task) {
        return inbox.offer(task);
    }

    /**
     * A read on any member: a follower or learner asks its leader, unless what it has is fresh enough. Zero asks for a linearizable read. False when
     * too many wait already: the task will not be called.
     *
     * @param maxStaleNanos the read may miss what was committed later than so long before now
     */
    public boolean readAnywhere(ReadTask task, long maxStaleNanos) {
        return inbox.offer(new ReadAnywhere(task, maxStaleNanos));
    }

    /** A connection to a peer broke. */
    public void connectionLost(UUID peer) {
        inbox.order(new Order.ConnectionLost(peer));
    }

    /** {@link #transferring} holds from here on until another member leads or the core gives up. */
    public void transferLeadership(UUID target) {
        core.transferLeadership(target);
    }

    /**
     * Asks the core to change the group's members. The answer comes at once and says only whether the change began; {@link #status} tells when it is
     * done. It is an {@link IllegalArgumentException} when the target is none.
     */
    public CompletableFuture<MembershipProposal> proposeMembership(Membership target) {
        var answer = new CompletableFuture<MembershipProposal>();
        inbox.order(new Order.ChangeMembership(target, answer));
        if (stopping) {
            answer.complete(new MembershipProposal.NotLeader(null));
        }
        return answer;
    }

    /** The sending of a snapshot has ended. */
    public void snapshotSent(UUID peer, boolean delivered) {
        inbox.order(new Order.SnapshotSent(peer, delivered));
    }

    /** Puts a checkpoint in the place of the state machine's content, between two entries. For the installer. */
    public CompletableFuture<Void> installInStore(Checkpoint checkpoint) {
        return applier.install(checkpoint);
    }

    public RaftStatus status() {
        return core.status();
    }

    public long appliedIndex() {
        return applier.appliedIndex();
    }

    /** The voter that has most of the log, of those heard of lately: whom a leader hands over to. Empty unless leader of others. */
    public Optional<UUID> successor() {
        return core.successor();
    }

    /** Whether leadership is being handed over: proposals are busy, but only for a moment. */
    public boolean transferring() {
        return core.transferring();
    }

    /** Whether this member leads and has applied an entry of its own term: it then knows everything that was ever committed. */
    public boolean leadsSettled() {
        RaftStatus now = core.status();
        return now.role() == RaftStatus.Role.LEADER && applier.appliedTerm() == now.term();
    }

    /**
     * Whether this member has applied what was committed when it came up: a leader or follower an entry of the current term, which follows all that
     * earlier terms committed; a follower also all that its leader had committed when this member first heard of one.
     */
    public boolean caughtUp() {
        RaftStatus now = core.status();
        if (now.leader() == null || applier.appliedTerm() != now.term()) {
            return false;
        }
        long committed = core.leaderCommitAtContact();
        return now.role() == RaftStatus.Role.LEADER
                || committed != CoreLoop.NO_CONTACT && applier.appliedIndex() >= committed;
    }

    /** Ends the threads: what was handed to the writer becomes durable, what was committed is applied, the rest is told unknown. */
    public void stop() throws InterruptedException {
        stopping = true;
        core.stop();
    }
}
