package dev.quorate.server.driver;

import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipProposal;
import dev.quorate.raft.Message;
import dev.quorate.raft.Raft;
import dev.quorate.raft.RaftStatus;
import dev.quorate.raft.Ready;
import dev.quorate.server.disk.DiskSpace;
import dev.quorate.store.Checkpoint;
import dev.quorate.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loop around one member's core. All methods but the constructor may be called from any thread and none blocks, but for {@link #stop}. */
public final class RaftDriver {
    /** Commands proposed in one call: it is all or none, so a batch must stay well below what the core takes uncommitted. */
    private static final int PROPOSED_BYTES_PER_CALL = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(RaftDriver.class);
    private static final long NO_CONTACT = -1;

    private final Raft raft;
    private final PeerNetwork network;
    private final DriverListener listener;
    private final Halt halt;
    private final long tickNanos;
    private final int transferTicks;
    private final SlowDisk slowDisk;
    private final Inbox inbox = new Inbox();
    private final Proposals proposals = new Proposals();
    private final Reads reads;
    private final LogWriter writer;
    private final Applier applier;
    private final Thread thread;

    private volatile long durableReady;
    private volatile RaftStatus status;
    private volatile boolean transferring;
    private volatile boolean stopping;
    private volatile long leaderCommitAtContact = NO_CONTACT;

    /** Clients' reads that wait for the next round of confirmation, and the one under way. */
    private final List<ReadTask> nextReads = new ArrayList<>();

    private long readRound;
    private long confirmedReady;
    private long reportedApplied;
    private int transferTicksLeft;

    /**
     * @param transferTicks how long the core tries a transfer of leadership: its election timeout
     * @param installer called by the log writer when the core takes a snapshot that was received
     */
    public RaftDriver(
            String name,
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
        this.raft = raft;
        this.network = network;
        this.listener = listener;
        this.halt = halt;
        this.tickNanos = tick.toNanos();
        this.transferTicks = transferTicks;
        this.slowDisk = new SlowDisk(transferTicks * tickNanos);
        this.reads = new Reads(name, store, halt);
        this.writer = new LogWriter(name, log, installer, space, this::durable, meters, halt);
        this.applier = new Applier(name, store, proposals, listener, meters, halt, inbox::signal);
        this.thread = Thread.ofPlatform().name(name + "-raft").daemon().unstarted(this::run);
        this.status = raft.status();
        this.reportedApplied = applier.appliedIndex();
    }

    public void start() {
        writer.start();
        applier.start();
        thread.start();
    }

    public void receive(Message message) {
        if (message instanceof Message.InstallSnapshot snapshot) {
            inbox.order(new Order.SnapshotReceived(snapshot));
        } else {
            inbox.offer(message);
        }
    }

    /** Busy at once when too many wait already, or too many bytes. */
    public Proposal propose(byte[] command) {
        Proposal proposal = new Proposal(command);
        if (!inbox.offer(proposal)) {
            proposal.complete(new Outcome.Busy(false));
        } else if (stopping) {
            proposal.complete(new Outcome.Unknown());
        }
        return proposal;
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
        transferring = true;
        inbox.order(new Order.Transfer(target));
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
        return status;
    }

    public long appliedIndex() {
        return applier.appliedIndex();
    }

    /** The voter that has most of the log, of those heard of lately: whom a leader hands over to. Empty unless leader of others. */
    public Optional<UUID> successor() {
        RaftStatus now = status;
        Comparator<RaftStatus.Progress> mostWanted = Comparator.comparing(RaftStatus.Progress::recentlyActive)
                .thenComparing(RaftStatus.Progress::matchIndex);
        return now.progress().entrySet().stream()
                .filter(peer -> now.membership().voters().contains(peer.getKey()))
                .max(Map.Entry.comparingByValue(mostWanted))
                .map(Map.Entry::getKey);
    }

    /** Whether leadership is being handed over: proposals are busy, but only for a moment. */
    public boolean transferring() {
        return transferring;
    }

    /** Whether this member leads and has applied an entry of its own term: it then knows everything that was ever committed. */
    public boolean leadsSettled() {
        RaftStatus now = status;
        return now.role() == RaftStatus.Role.LEADER && applier.appliedTerm() == now.term();
    }

    /**
     * Whether this member has applied what was committed when it came up: a leader or follower an entry of the current term, which follows all that
     * earlier terms committed; a follower also all that its leader had committed when this member first heard of one.
     */
    public boolean caughtUp() {
        RaftStatus now = status;
        if (now.leader() == null || applier.appliedTerm() != now.term()) {
            return false;
        }
        long committed = leaderCommitAtContact;
        return now.role() == RaftStatus.Role.LEADER || committed != NO_CONTACT && applier.appliedIndex() >= committed;
    }

    private void run() {
        Inbox.Turn turn = Inbox.Turn.empty();
        var clock = new TickClock(tickNanos, System.nanoTime());
        try {
            while (!stopping && !halt.isHalted()) {
                int ticks = ticksUntilAction();
                inbox.take(turn, clock.nanosUntil(ticks, System.nanoTime()));
                int passed = clock.take(ticks, System.nanoTime());
                tick(Math.min(passed, ticks - 1));
                takeProgress();
                handle(turn);
                turn.clear();
                if (passed == ticks) {
                    // The tick that acts comes last: after a pause of the process peers' messages come first.
                    tick(1);
                }
                while (raft.hasReady()) {
                    carryOut(raft.ready());
                }
                publish();
                network.flush();
            }
        } catch (RuntimeException | Error e) {
            halt.now("the consensus core or its driver failed", e);
        }
    }

    /** What the writer and the applier have done since. */
    private void takeProgress() {
        long durable = durableReady;
        if (durable > confirmedReady) {
            confirmedReady = durable;
            raft.persisted(durable);
        }
        long applied = applier.appliedIndex();
        if (applied > reportedApplied) {
            reportedApplied = applied;
            raft.applied(applied);
            reads.applied(applied);
        }
    }

    private void handle(Inbox.Turn turn) {
        turn.orders().forEach(this::obey);
        turn.messages().forEach(this::step);
        publish(); // who is refused below finds out from the status why
        List<Proposal> proposed = turn.proposals();
        for (int from = 0; from < proposed.size(); ) {
            int to = endOfBatch(proposed, from);
            propose(proposed.subList(from, to));
            from = to;
        }
        nextReads.addAll(turn.reads());
        askForReads();
        ask(notFreshEnough(turn.readsAnywhere()), raft::readIndexThroughLeader);
    }

    /** What this member can't serve from what it has: its leader has to be asked. */
    private List<ReadTask> notFreshEnough(List<ReadAnywhere> wanted) {
        return wanted.stream()
                .filter(read -> !reads.serveIfFresh(read.task(), read.maxStaleNanos()))
                .map(ReadAnywhere::task)
                .toList();
    }

    /** One round at a time: what comes meanwhile shares the next, so that many readers cost few messages. */
    private void askForReads() {
        if (!reads.isAsked(readRound)) {
            readRound = ask(nextReads, raft::readIndex);
            nextReads.clear();
        }
    }

    /** The id under which the reads wait now; 0 when there are none. */
    private long ask(List<ReadTask> tasks, LongPredicate core) {
        if (tasks.isEmpty()) {
            return 0;
        }
        long id = reads.ask(tasks);
        if (!core.test(id)) {
            reads.lost(id);
        }
        return id;
    }

    private void obey(Order order) {
        switch (order) {
            case Order.SnapshotReceived(var message) -> step(message);
            case Order.SnapshotSent(UUID peer, boolean delivered) -> raft.reportSnapshot(peer, delivered);
            case Order.ConnectionLost(UUID peer) -> raft.connectionLost(peer);
            case Order.Transfer(UUID target) -> transfer(target);
            case Order.ChangeMembership(Membership target, CompletableFuture<MembershipProposal> answer) ->
                changeMembership(target, answer);
        }
    }

    private void step(Message message) {
        raft.step(message);
        if (leaderCommitAtContact == NO_CONTACT
                && message instanceof Message.AppendEntries append
                && append.term() == raft.status().term()) {
            leaderCommitAtContact = append.leaderCommit();
        }
    }

    private static int endOfBatch(List<Proposal> proposed, int from) {
        int bytes = 0;
        int to = from;
        do {
            bytes += proposed.get(to++).command().length;
        } while (to < proposed.size() && bytes + proposed.get(to).command().length <= PROPOSED_BYTES_PER_CALL);
        return to;
    }

    private void propose(List<Proposal> batch) {
        switch (raft.propose(batch.stream().map(Proposal::command).toList())) {
            case Raft.Proposal.Accepted(long firstIndex, long term) -> {
                long index = firstIndex;
                for (Proposal proposal : batch) {
                    proposals.appended(proposal, index++, term);
                }
            }
            case Raft.Proposal.NotLeader(UUID leader) -> batch.forEach(p -> p.complete(new Outcome.NotLeader(leader)));
            case Raft.Proposal.Busy() ->
                batch.forEach(p -> p.complete(new Outcome.Busy(raft.status().handingOver())));
        }
    }

    private void transfer(UUID target) {
        if (raft.status().role() == RaftStatus.Role.LEADER) {
            transferTicksLeft = transferTicks + 1;
            raft.transferLeadership(target);
        } else {
            endTransfer();
        }
    }

    private void changeMembership(Membership target, CompletableFuture<MembershipProposal> answer) {
        try {
            answer.complete(raft.proposeMembership(target));
        } catch (IllegalArgumentException e) {
            answer.completeExceptionally(e);
        }
    }

    private int ticksUntilAction() {
        int ticks = raft.ticksUntilAction();
        return transferTicksLeft > 0 ? Math.min(ticks, transferTicksLeft) : ticks;
    }

    private void tick(int ticks) {
        if (ticks == 0) {
            return;
        }
        for (int i = 0; i < ticks; i++) {
            raft.tick();
        }
        if (transferTicksLeft > 0) {
            transferTicksLeft -= ticks;
            if (transferTicksLeft == 0) {
                endTransfer();
            }
        }
        if (status.role() == RaftStatus.Role.LEADER && slowDisk.shouldHandOver(writer.busyNanos(), System.nanoTime())) {
            successor().ifPresent(this::leaveLeadership);
        }
    }

    private void leaveLeadership(UUID successor) {
        LOG.warn(
                "event=disk_stalled busy_millis={} action=\"leadership is handed to {}; look at this member's disk\"",
                TimeUnit.NANOSECONDS.toMillis(writer.busyNanos()),
                successor);
        transferring = true;
        transfer(successor);
    }

    private void endTransfer() {
        transferring = false;
        transferTicksLeft = 0;
        listener.changed(status);
    }

    private void carryOut(Ready ready) {
        ready.lostReads().forEach(reads::lost);
        ready.messages().forEach(this::send);
        if (ready.mustPersist()) {
            writer.write(ready);
        }
        if (!ready.committed().isEmpty()) {
            applier.apply(ready.committed());
        }
        ready.reads().forEach(state -> reads.confirmed(state, reportedApplied));
        askForReads();
    }

    private void send(Message message) {
        if (message instanceof Message.InstallSnapshot snapshot) {
            network.sendSnapshot(
                    snapshot.to(), snapshot.term(), snapshot.snapshot().index());
        } else if (!network.send(message)) {
            raft.reportUnreachable(message.to());
        }
    }

    /** On the writer's thread. */
    private void durable(List<Ready> readies) {
        for (Ready ready : readies) {
            ready.messagesAfterPersist().forEach(network::send);
        }
        network.flush();
        durableReady = readies.getLast().number();
        inbox.signal();
    }

    private void publish() {
        RaftStatus before = status;
        RaftStatus now = raft.status();
        status = now;
        if (before.role() != now.role()
                || before.term() != now.term()
                || before.handingOver() != now.handingOver()
                || !Objects.equals(before.leader(), now.leader())) {
            boolean reignEnded = now.role() != RaftStatus.Role.LEADER || now.term() != before.term();
            if (before.role() == RaftStatus.Role.LEADER && reignEnded) {
                transferring = false;
                transferTicksLeft = 0;
            }
            listener.changed(now);
        }
    }

    /** Ends the three threads: what was handed to the writer becomes durable, what was committed is applied, the rest is told unknown. */
    public void stop() throws InterruptedException {
        stopping = true;
        inbox.signal();
        if (thread.isAlive()) {
            thread.join();
        }
        writer.stop();
        applier.stop();
        reads.stop();
        nextReads.forEach(ReadTask::notServed);
        proposals.stop();
        refuseWhatWaits();
    }

    private static void refuse(Order order) {
        if (order instanceof Order.ChangeMembership change) {
            change.answer().complete(new MembershipProposal.NotLeader(null));
        }
    }

    private void refuseWhatWaits() {
        Inbox.Turn left = Inbox.Turn.empty();
        do {
            left.clear();
            inbox.take(left, 0);
            left.orders().forEach(RaftDriver::refuse);
            left.proposals().forEach(proposal -> proposal.complete(new Outcome.Unknown()));
            left.reads().forEach(ReadTask::notServed);
            left.readsAnywhere().forEach(read -> read.task().notServed());
        } while (left.hasRequests());
    }
}
