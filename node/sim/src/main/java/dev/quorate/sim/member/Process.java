package dev.quorate.sim.member;

import dev.quorate.api.ShardMap;
import dev.quorate.log.WriteAheadLog;
import dev.quorate.raft.Entry;
import dev.quorate.raft.InvariantViolation;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MembershipProposal;
import dev.quorate.raft.Message;
import dev.quorate.raft.Raft;
import dev.quorate.raft.RaftStatus;
import dev.quorate.raft.Ready;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.Store;
import dev.quorate.store.proto.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/** One life of a member: the loop around its core, in the order of the node's driver. */
final class Process {
    private final Member member;
    private final Surroundings surroundings;
    private final Store store;
    private final Raft raft;
    private final LogImage coreLog;
    private final LogImage durableLog;
    private final LogWriting writing;
    private final SnapshotTransfers snapshots;
    private final Compaction compaction;
    private final Proposals proposals = new Proposals();
    private final Applying applying;
    private final Reads reads;
    private final List<Runnable> inbox = new ArrayList<>();
    private final List<Proposed> proposed = new ArrayList<>();
    private final List<Reads.Task> asked = new ArrayList<>();
    private final List<Reads.Task> askedThroughLeader = new ArrayList<>();

    /** What the disk held, until the process begins. */
    private List<Entry> recovered;

    private RaftStatus status;
    private boolean alive = true;
    private boolean coreLogIsCurrent = true;
    private boolean turnDue;
    private boolean tickDue;
    private long durableReady;
    private long confirmedReady;
    private long reportedApplied;

    private record Proposed(byte[] command, Consumer<Reply> reply) {}

    /** Something that may find the disk broken. */
    interface Step {
        void run() throws IOException;
    }

    private Process(Member member, WriteAheadLog log, Store store) {
        this.member = member;
        this.surroundings = member.surroundings();
        this.store = store;
        this.raft = new Raft(
                member.config(),
                log.hardState(),
                store.applied().membership(),
                store.applied().index(),
                log,
                surroundings::electionJitter);
        this.coreLog = Recovery.imageOf(log);
        this.durableLog = Recovery.imageOf(log);
        this.writing = new LogWriting(this, member, log, durableLog);
        this.snapshots = new SnapshotTransfers(this, member);
        this.compaction = new Compaction(this, log, surroundings);
        this.applying = new Applying(this, member, store, proposals);
        this.reads = new Reads(this, store);
        this.status = raft.status();
        this.reportedApplied = store.applied().index();
    }

    /** On what the disk holds. */
    static Process start(Member member, WriteAheadLog log) throws IOException {
        Store store = member.disk().state().open();
        List<Entry> recovered = Recovery.recover(member, log, store);
        Process process = new Process(member, log, store);
        member.recovered(process.durableLog, log.hardState());
        process.recovered = recovered;
        return process;
    }

    void begin() {
        surroundings.tell(observer -> observer.started(member, recovered));
        recovered = null;
        scheduleTick();
        compaction.schedule();
        wake();
    }

    void stop() {
        alive = false;
    }

    RaftStatus status() {
        return status;
    }

    Store store() {
        return store;
    }

    int random(int bound) {
        return surroundings.random.nextInt(bound);
    }

    LogImage coreLog() {
        return coreLog;
    }

    boolean coreLogIsCurrent() {
        return coreLogIsCurrent;
    }

    /** Does something some time later, unless the process is gone by then; a process that stands still does it after that. */
    void later(long delayMillis, Step step) {
        surroundings.timeline.after(delayMillis, () -> {
            long now = surroundings.timeline.now();
            if (!alive) {
                return;
            }
            if (member.pausedUntil() > now) {
                later(member.pausedUntil() - now, step);
            } else {
                run(step);
            }
        });
    }

    private void run(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            member.halt(e);
        } catch (UncheckedIOException e) {
            member.halt(e.getCause());
        } catch (InvariantViolation e) {
            throw new Violation("the core's own checks", member + ": " + e.getMessage(), e);
        }
    }

    private void scheduleTick() {
        later(member.tickMillis(), () -> {
            tickDue = true;
            wake();
            scheduleTick();
        });
    }

    /** There is something to do. */
    void wake() {
        if (!turnDue) {
            turnDue = true;
            later(surroundings.turnDelay(), this::turn);
        }
    }

    void receive(Message message) {
        inbox.add(() -> {
            surroundings.trace(member, () -> "gets " + message);
            surroundings.tell(observer -> observer.received(member, message));
            raft.step(message);
        });
        wake();
    }

    void receiveSnapshot(Message.InstallSnapshot message, Consumer<Boolean> onDecision) {
        receive(message);
        inbox.add(() -> onDecision.accept(raft.hasCommitted(message.snapshot().index())));
    }

    void reportUnreachable(UUID peer) {
        inbox.add(() -> raft.reportUnreachable(peer));
        wake();
    }

    void snapshotSent(UUID peer, boolean delivered) {
        inbox.add(() -> raft.reportSnapshot(peer, delivered));
        wake();
    }

    void transferLeadership(UUID target) {
        inbox.add(() -> raft.transferLeadership(target));
        wake();
    }

    void propose(Command command, Consumer<Reply> reply) {
        proposed.add(new Proposed(command.toByteArray(), reply));
        wake();
    }

    void read(int shard, String key, Consumer<Reply> reply) {
        asked.add(readKey(shard, key, reply));
        wake();
    }

    void readMap(Consumer<ShardMap> reply) {
        asked.add(new Reads.Task(view -> reply.accept(store.map()), () -> {}));
        wake();
    }

    /** Whether the group may answer is read from the same state as the value. */
    private static Reads.Task readKey(int shard, String key, Consumer<Reply> reply) {
        return new Reads.Task(
                view -> reply.accept(
                        view.shard(shard).owned()
                                ? new Reply.Value(
                                        view.appliedIndex(), view.get(shard, key.getBytes(StandardCharsets.UTF_8)))
                                : new Reply.NotOwner()),
                () -> reply.accept(new Reply.Refused(null)));
    }

    void readThroughLeader(int shard, String key, Consumer<Reply> reply) {
        askedThroughLeader.add(readKey(shard, key, reply));
        wake();
    }

    void proposeMembership(Membership target, Predicate<Membership> sound) {
        inbox.add(() -> {
            if (!sound.test(target)) {
                return;
            }
            MembershipProposal proposal = raft.proposeMembership(target);
            surroundings.trace(member, () -> "is asked for " + target + ": " + proposal);
        });
        wake();
    }

    private void turn() {
        turnDue = false;
        takeProgress();
        for (Runnable event : List.copyOf(inbox)) {
            event.run();
            stepped();
        }
        inbox.clear();
        proposeAll();
        readAll(asked, raft::readIndex);
        readAll(askedThroughLeader, raft::readIndexThroughLeader);
        if (tickDue) {
            tickDue = false;
            tick();
            surroundings.tell(observer -> observer.ticked(member));
        }
        while (raft.hasReady()) {
            carryOut(raft.ready());
        }
        stepped();
        coreLogIsCurrent = true;
        surroundings.tell(observer -> observer.turned(member));
    }

    private void tick() {
        boolean mayActNow = raft.ticksUntilAction() == 1 || raft.hasReady();
        RaftStatus before = raft.status();
        raft.tick();
        if (!mayActNow && (raft.hasReady() || !raft.status().equals(before))) {
            throw new Violation("ticks as announced", member + " acts at a tick that it said would only count");
        }
        stepped();
    }

    private void stepped() {
        coreLogIsCurrent = false;
        status = raft.status();
        surroundings.tell(observer -> observer.stepped(member));
    }

    private void takeProgress() {
        if (durableReady > confirmedReady) {
            confirmedReady = durableReady;
            raft.persisted(durableReady);
            stepped();
        }
        long applied = store.applied().index();
        if (applied > reportedApplied) {
            reportedApplied = applied;
            raft.applied(applied);
            reads.applied(applied);
            stepped();
        }
    }

    private void proposeAll() {
        if (proposed.isEmpty()) {
            return;
        }
        switch (raft.propose(proposed.stream().map(Proposed::command).toList())) {
            case Raft.Proposal.Accepted(long firstIndex, long term) -> {
                for (int i = 0; i < proposed.size(); i++) {
                    proposals.appended(firstIndex + i, term, proposed.get(i).reply());
                }
            }
            case Raft.Proposal.NotLeader(UUID leader) ->
                proposed.forEach(each -> each.reply().accept(new Reply.Refused(leader)));
            case Raft.Proposal.Busy() ->
                proposed.forEach(each -> each.reply().accept(new Reply.Refused(status.leader())));
        }
        proposed.clear();
    }

    private void readAll(List<Reads.Task> tasks, LongPredicate core) {
        if (tasks.isEmpty()) {
            return;
        }
        long id = reads.ask(List.copyOf(tasks));
        tasks.clear();
        if (core.test(id)) {
            surroundings.tell(observer -> observer.readAsked(member, id));
        } else {
            reads.lost(id);
        }
    }

    private void carryOut(Ready ready) {
        surroundings.trace(member, () -> "is to do " + ready);
        if (ready.snapshot() != null) {
            coreLog.reset(ready.snapshot().index(), ready.snapshot().term());
        }
        ready.entries().forEach(entry -> coreLog.put(entry.index(), entry.term()));
        surroundings.tell(observer -> observer.handedOut(member, ready));
        for (long id : ready.lostReads()) {
            surroundings.tell(observer -> observer.readLost(member, id));
            reads.lost(id);
        }
        ready.messages().forEach(this::send);
        if (ready.mustPersist()) {
            writing.add(ready);
        }
        applying.add(ready.committed());
        for (Ready.ReadState read : ready.reads()) {
            surroundings.tell(observer -> observer.readConfirmed(member, read.requestId(), read.index()));
            reads.confirmed(read, reportedApplied);
        }
    }

    void send(Message message) {
        if (message instanceof Message.InstallSnapshot order) {
            snapshots.send(order);
        } else {
            surroundings.send(member, message);
        }
    }

    /** By the writer: readies up to this one are durable, and their messages sent. */
    void durable(long readyNumber) {
        durableReady = readyNumber;
        wake();
    }

    Applying applying() {
        return applying;
    }

    SnapshotTransfers snapshots() {
        return snapshots;
    }
}
