package dev.quorate.raft.sim;

import dev.quorate.raft.Entry;
import dev.quorate.raft.Membership;
import dev.quorate.raft.MemoryLog;
import dev.quorate.raft.Message;
import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.raft.Raft;
import dev.quorate.raft.RaftConfig;
import dev.quorate.raft.RaftStatus;
import dev.quorate.raft.Ready;
import dev.quorate.raft.SnapshotMeta;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** One member: a core and a driver in simulated time. It crashes, comes back from its disk, and pauses. */
final class SimMember {
    private final Simulation simulation;
    private final RaftConfig config;
    private final Membership membership;
    private final SimDisk disk = new SimDisk();

    private Raft raft;
    private RaftStatus status;
    /** The log as the core has it, durable or not. */
    private MemoryLog memory;

    private StateMachine state;
    private final Deque<Entry> toApply = new ArrayDeque<>();
    private final Map<SnapshotMeta, StateMachine> received = new HashMap<>();
    private int incarnation;
    private boolean driveScheduled;
    private long pausedUntil;

    SimMember(Simulation simulation, RaftConfig config, Membership membership) {
        this.simulation = simulation;
        this.config = config;
        this.membership = membership;
    }

    UUID id() {
        return config.memberId();
    }

    SimDisk disk() {
        return disk;
    }

    MemoryLog memory() {
        return memory;
    }

    StateMachine state() {
        return state;
    }

    RaftStatus status() {
        return status;
    }

    int incarnation() {
        return incarnation;
    }

    boolean isUp() {
        return raft != null;
    }

    boolean isLeader() {
        return isUp() && status.role() == RaftStatus.Role.LEADER;
    }

    /** Whether the core's log has this entry, be it in a snapshot. */
    boolean holds(long index, long term) {
        return index < memory.firstIndex() || (index <= memory.lastIndex() && memory.term(index) == term);
    }

    void start() {
        state = disk.flushed();
        memory = disk.log.copy();
        raft = new Raft(config, disk.hardState(), membership, state.index(), disk.log, simulation::nextElectionJitter);
        status = raft.status();
        scheduleTick();
    }

    void crash() {
        simulation.trace("crash", this);
        incarnation++;
        raft = null;
        toApply.clear();
        received.clear();
        driveScheduled = false;
        disk.crash(simulation.random());
    }

    /** The process stands still: clocks go on, messages wait. */
    void pause(long time) {
        simulation.trace("pause", this);
        pausedUntil = simulation.now() + time;
    }

    void resume() {
        pausedUntil = 0;
    }

    private void scheduleTick() {
        later(simulation.nextTickDelay(this), () -> {
            scheduleTick();
            act(Raft::tick);
        });
    }

    void receive(SimNetwork.Envelope envelope) {
        later(0, () -> {
            if (envelope.message() instanceof InstallSnapshot install) {
                received.put(install.snapshot(), envelope.snapshotState());
            }
            simulation.trace("receive", envelope.message());
            act(core -> core.step(envelope.message()));
        });
    }

    void propose(List<byte[]> commands) {
        act(core -> core.propose(commands));
    }

    void read(long requestId) {
        act(core -> {
            if (core.readIndex(requestId)) {
                simulation.invariants().forEach(invariant -> invariant.onReadAccepted(this, requestId));
            }
        });
    }

    void transfer(UUID target) {
        act(core -> core.transferLeadership(target));
    }

    void reportUnreachable(UUID peer) {
        act(core -> core.reportUnreachable(peer));
    }

    void flushAndCompact(long keep) {
        disk.flush(state);
        disk.compactTo(state.index() - keep);
    }

    /** Runs on this incarnation, after the delay and any pause. */
    private void later(long delay, Runnable action) {
        int scheduledIn = incarnation;
        simulation.after(delay, () -> {
            if (scheduledIn != incarnation || !isUp()) {
                return;
            }
            if (pausedUntil > simulation.now()) {
                later(pausedUntil - simulation.now(), action);
            } else {
                action.run();
            }
        });
    }

    private void act(Consumer<Raft> action) {
        if (!isUp() || pausedUntil > simulation.now()) {
            return;
        }
        action.accept(raft);
        stepped();
        if (!driveScheduled) {
            driveScheduled = true;
            later(simulation.nextInt(3), this::drive);
        }
    }

    private void stepped() {
        status = raft.status();
        simulation.invariants().forEach(invariant -> invariant.afterStep(this));
    }

    private void drive() {
        driveScheduled = false;
        while (raft.hasReady()) {
            handle(raft.ready());
            stepped();
        }
        simulation.invariants().forEach(invariant -> invariant.afterReadies(this));
    }

    private void handle(Ready ready) {
        simulation.trace("ready", ready);
        if (ready.snapshot() != null) {
            memory.install(ready.snapshot());
        }
        memory.append(ready.entries());
        simulation.invariants().forEach(invariant -> invariant.onReady(this, ready));
        ready.messages().forEach(this::send);
        ready.reads()
                .forEach(read -> simulation
                        .invariants()
                        .forEach(invariant -> invariant.onReadAnswered(read.requestId(), read.index())));
        ready.lostReads().forEach(lost -> simulation.invariants().forEach(invariant -> invariant.onReadLost(lost)));
        if (ready.mustPersist()) {
            enqueue(ready);
        }
        toApply.addAll(ready.committed());
        if (!ready.committed().isEmpty()) {
            later(simulation.nextInt(10), this::apply);
        }
    }

    private void enqueue(Ready ready) {
        boolean idle = disk.isIdle();
        disk.enqueue(ready, received.get(ready.snapshot()));
        if (idle) {
            startWriting();
        }
        if (ready.hardState() != null && simulation.crashesAtVote()) {
            later(simulation.nextDiskDelay() - 1, () -> simulation.crash(this, 10));
        }
    }

    /** One sync covers all that waits when it starts. */
    private void startWriting() {
        long lastNumber = disk.lastPending();
        later(simulation.nextDiskDelay(), () -> {
            simulation.trace("written", lastNumber);
            while (disk.hasPendingUpTo(lastNumber)) {
                written(disk.writeOne());
            }
            if (!disk.isIdle()) {
                startWriting();
            }
            later(simulation.nextInt(3), () -> act(core -> core.persisted(lastNumber)));
        });
    }

    private void written(Ready ready) {
        if (ready.snapshot() != null) {
            toApply.removeIf(entry -> entry.index() <= ready.snapshot().index());
            state = disk.flushed();
            simulation.invariants().forEach(invariant -> invariant.onInstalled(this));
        }
        ready.messagesAfterPersist().forEach(this::send);
    }

    private void apply() {
        while (!toApply.isEmpty()) {
            Entry entry = toApply.poll();
            state = state.apply(entry);
            simulation.invariants().forEach(invariant -> invariant.onApplied(this, entry));
        }
        act(core -> core.applied(state.index()));
    }

    private void send(Message message) {
        if (message instanceof InstallSnapshot install) {
            sendSnapshot(install);
        } else if (!simulation.network().send(new SimNetwork.Envelope(message, null)) && simulation.nextInt(4) == 0) {
            later(1, () -> reportUnreachable(message.to()));
        }
    }

    /** What is sent is what the state machine holds by now, which may be later than what the core asked for. */
    private void sendSnapshot(InstallSnapshot order) {
        if (state.index() < order.snapshot().index()) {
            throw new Violation("snapshot", "the core asked for a snapshot beyond the state machine");
        }
        SnapshotMeta meta = new SnapshotMeta(
                state.index(), memory.term(state.index()), order.snapshot().membership());
        InstallSnapshot message = new InstallSnapshot(order.from(), order.to(), order.term(), meta);
        boolean sent = simulation.network().send(new SimNetwork.Envelope(message, state));
        later(20, () -> act(core -> core.reportSnapshot(order.to(), sent)));
    }

    @Override
    public String toString() {
        return "member " + id().getLeastSignificantBits();
    }
}
