package dev.quorate.server.driver;

import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipProposal;
import dev.quorate.raft.Message;
import dev.quorate.raft.Raft;
import dev.quorate.raft.RaftStatus;
import dev.quorate.raft.Ready;
import dev.quorate.server.disk.DiskSpace;
import dev.quorate.store.Store;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What alone touches the core: each turn hands it all that has come since the last, and carries out what it asks for. Runs on the event loop that also
 * reads from and writes to the peers, so that a message needs no other thread to go from the core to the wire or back.
 */
final class CoreLoop {
    /** Commands proposed in one call: it is all or none, so a batch must stay well below what the core takes uncommitted. */
    private static final int PROPOSED_BYTES_PER_CALL = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(CoreLoop.class);
    static final long NO_CONTACT = -1;

    private final Raft raft;
    private final PeerNetwork network;
    private final DriverListener listener;
    private final Halt halt;
    private final Timing timing;
    private final SlowDisk slowDisk;
    private final Turns turns;
    private final Inbox inbox;
    private final Inbox.Turn turn = Inbox.Turn.empty();
    private final Proposals proposals = new Proposals();
    private final Reads reads;
    private final ReadRounds readRounds;
    private final LogWriter writer;
    private final Applier applier;
    private final TickClock clock;

    private volatile long durableReady;
    private volatile RaftStatus status;
    private volatile boolean transferring;
    private volatile long leaderCommitAtContact = NO_CONTACT;
    /** Whether the next turn has to come as soon as more is applied: else any later one will do. */
    private volatile boolean awaitsApplied;

    /** Handed to the writer and not known to be durable. */
    private final Queue<Ready> unsynced = new ArrayDeque<>();

    private long reportedApplied;
    private int transferTicksLeft;

    /** @param transferTicks how long the core tries a transfer of leadership: its election timeout */
    record Timing(long tickNanos, int transferTicks) {}

    CoreLoop(
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
            Timing timing) {
        this.raft = raft;
        this.network = network;
        this.listener = listener;
        this.halt = halt;
        this.timing = timing;
        this.slowDisk = new SlowDisk(timing.transferTicks() * timing.tickNanos());
        this.turns = new Turns(loop, this::turn);
        this.inbox = new Inbox(turns::wake);
        this.reads = new Reads(name, store, halt);
        this.readRounds = new ReadRounds(raft, reads);
        this.writer = new LogWriter(name, log, installer, space, this::durable, meters, halt);
        this.applier = new Applier(name, store, proposals, listener, meters, halt, this::applied);
        this.clock = new TickClock(timing.tickNanos(), System.nanoTime());
        this.status = raft.status();
        this.reportedApplied = applier.appliedIndex();
    }

    void start() {
        writer.start();
        applier.start();
        turns.wake();
    }

    Inbox inbox() {
        return inbox;
    }

    Applier applier() {
        return applier;
    }

    /** See {@link Turns#together}. */
    void together(Runnable offers) {
        turns.together(offers);
    }

    RaftStatus status() {
        return status;
    }

    boolean transferring() {
        return transferring;
    }

    void transferLeadership(UUID target) {
        transferring = true;
        inbox.order(new Order.Transfer(target));
    }

    /** How far the leader had committed when this member first heard of one, or {@link #NO_CONTACT}. */
    long leaderCommitAtContact() {
        return leaderCommitAtContact;
    }

    Optional<UUID> successor() {
        RaftStatus now = status;
        Comparator<RaftStatus.Progress> mostWanted = Comparator.comparing(RaftStatus.Progress::recentlyActive)
                .thenComparing(RaftStatus.Progress::matchIndex);
        return now.progress().entrySet().stream()
                .filter(peer -> now.membership().voters().contains(peer.getKey()))
                .max(Map.Entry.comparingByValue(mostWanted))
                .map(Map.Entry::getKey);
    }

    private void turn() {
        if (halt.isHalted()) {
            return;
        }
        try {
            int ticks = ticksUntilAction();
            inbox.take(turn);
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
            awaitNext();
        } catch (RuntimeException | Error e) {
            halt.now("the consensus core or its driver failed", e);
        }
    }

    private void awaitNext() {
        awaitsApplied = reads.awaitApplied() || raft.withholdsCommitted();
        // Looked at after that was said: who applied something before has not woken us.
        if (!inbox.isEmpty() || awaitsApplied && applier.appliedIndex() > reportedApplied) {
            turns.wake();
        }
        long nowNanos = System.nanoTime();
        turns.nextAt(nowNanos + clock.nanosUntil(ticksUntilAction(), nowNanos));
    }

    /** What the writer and the applier have done since. */
    private void takeProgress() {
        long durable = durableReady;
        if (!unsynced.isEmpty() && unsynced.peek().number() <= durable) {
            while (!unsynced.isEmpty() && unsynced.peek().number() <= durable) {
                unsynced.remove().messagesAfterPersist().forEach(network::send);
            }
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
        if (raft.hasChangedSince(status)) {
            publish(); // who is refused below finds out from the status why
        }
        List<Proposal> proposed = turn.proposals();
        for (int from = 0; from < proposed.size(); ) {
            int to = endOfBatch(proposed, from);
            propose(proposed.subList(from, to));
            from = to;
        }
        readRounds.add(turn.reads());
        readRounds.begin();
        readRounds.serveAnywhere(turn.readsAnywhere());
    }

    private void obey(Order order) {
        switch (order) {
            case Order.SnapshotReceived(var message, var onDecision) -> {
                step(message);
                onDecision.accept(raft.hasCommitted(message.snapshot().index()));
            }
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
        List<byte[]> commands = new ArrayList<>(batch.size());
        for (Proposal proposal : batch) {
            commands.add(proposal.command());
        }
        switch (raft.propose(commands)) {
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
            transferTicksLeft = timing.transferTicks() + 1;
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
            unsynced.add(ready);
            writer.write(ready);
        }
        if (!ready.committed().isEmpty()) {
            applier.apply(ready.committed());
        }
        ready.reads().forEach(state -> reads.confirmed(state, reportedApplied));
        readRounds.begin();
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
    private void durable(long readyNumber) {
        durableReady = readyNumber;
        turns.wake();
    }

    /** On the applier's thread. */
    private void applied() {
        if (awaitsApplied) {
            turns.wake();
        }
    }

    private void publish() {
        RaftStatus before = status;
        boolean changed = raft.hasChangedSince(before);
        RaftStatus now = raft.status();
        status = now;
        if (changed) {
            boolean reignEnded = now.role() != RaftStatus.Role.LEADER || now.term() != before.term();
            if (before.role() == RaftStatus.Role.LEADER && reignEnded) {
                transferring = false;
                transferTicksLeft = 0;
            }
            listener.changed(now);
        }
    }

    /** No more turns; what was handed to the writer becomes durable, what was committed is applied, the rest is told unknown. */
    void stop() throws InterruptedException {
        turns.end();
        writer.stop();
        applier.stop();
        reads.stop();
        readRounds.stop();
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
            inbox.take(left);
            left.orders().forEach(CoreLoop::refuse);
            left.proposals().forEach(proposal -> proposal.complete(new Outcome.Unknown()));
            left.reads().forEach(ReadTask::notServed);
            left.readsAnywhere().forEach(read -> read.task().notServed());
        } while (left.hasRequests());
    }
}
