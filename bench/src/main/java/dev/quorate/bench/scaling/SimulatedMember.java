package dev.quorate.bench.scaling;

import dev.quorate.bench.scaling.Machine.Job;
import dev.quorate.raft.Entry;
import dev.quorate.raft.HardState;
import dev.quorate.raft.Membership;
import dev.quorate.raft.Message;
import dev.quorate.raft.Raft;
import dev.quorate.raft.RaftConfig;
import dev.quorate.raft.RaftStatus.Role;
import dev.quorate.raft.Ready;
import dev.quorate.sim.world.Timeline;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.MemoryStorage;
import dev.quorate.store.Store;
import dev.quorate.store.proto.Command;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;

/**
 * The real core and the real state machine of one member, on three threads as in a node: one for the network and the core, one for the log, one that applies. What each
 * turn does is computed when it begins; what follows from it, messages above all, leaves when the time that it takes is over.
 */
final class SimulatedMember {
    private static final long TICK_NANOS = 25_000_000;
    private static final int ELECTION_TICKS = 16;
    private static final int HEARTBEAT_TICKS = 6;

    private final UUID id;
    private final Timeline timeline;
    private final Costs costs;
    private final Function<UUID, SimulatedMember> peers;
    private final Store store;
    private final MemoryLog log = new MemoryLog();
    private final Raft raft;
    private final Machine.Worker loop;
    private final Machine.Worker logWriter;
    private final Machine.Worker applier;
    private final Machine.Worker background;
    private final Disk disk = new Disk();

    private final List<Runnable> inbox = new ArrayList<>();
    private long inboxNanos;
    private boolean turnDue;
    private List<Ready> toWrite = new ArrayList<>();
    private boolean writing;
    private List<Entry> toApply = new ArrayList<>();
    private boolean applying;
    private final Map<Long, Runnable> reads = new HashMap<>();
    private long lastRead;
    private final Map<Long, Request> proposed = new HashMap<>();

    /** A write of a client that waits for its answer. */
    interface Request {
        byte[] command();

        /** Requests that are answered at once share a message. */
        ClientLink link();
    }

    /** Where answers go. */
    interface ClientLink {
        void answered(List<Request> requests);
    }

    /** Syncs, one at a time. */
    private final class Disk implements Resource {
        private long busyNanos;

        private void sync(Runnable done) {
            busyNanos += costs.sync();
            timeline.after(costs.sync(), done);
        }

        @Override
        public String name() {
            return "member " + id.getMostSignificantBits() + "." + id.getLeastSignificantBits() + ": disk";
        }

        @Override
        public long busyNanos() {
            return busyNanos;
        }
    }

    SimulatedMember(
            UUID id,
            Membership group,
            Machine machine,
            Timeline timeline,
            Costs costs,
            SplittableRandom random,
            Function<UUID, SimulatedMember> peers) {
        this.id = id;
        this.timeline = timeline;
        this.costs = costs;
        this.peers = peers;
        this.store = Store.open(new MemoryStorage());
        store.initialize(group);
        this.raft = new Raft(
                RaftConfig.defaults(id, ELECTION_TICKS, HEARTBEAT_TICKS),
                HardState.INITIAL,
                group,
                store.applied().index(),
                log,
                random::nextInt);
        String name = "member " + id.getMostSignificantBits() + "." + id.getLeastSignificantBits() + ": ";
        this.loop = machine.worker(name + "network and core");
        this.logWriter = machine.worker(name + "log");
        this.applier = machine.worker(name + "applying");
        this.background = machine.worker(name + "background");
        timeline.after(random.nextLong(TICK_NANOS), this::tick);
    }

    private void tick() {
        post(0, raft::tick);
        timeline.after(TICK_NANOS, this::tick);
    }

    boolean isLeader() {
        return raft.status().role() == Role.LEADER
                && store.applied().term() == raft.status().term();
    }

    Store store() {
        return store;
    }

    /** What may hold it up. */
    List<Resource> resources() {
        return List.of(loop, logWriter, applier, disk);
    }

    private void post(long nanos, Runnable event) {
        inbox.add(event);
        inboxNanos += nanos;
        if (!turnDue) {
            turnDue = true;
            loop.submit(this::turn);
        }
    }

    private Job turn() {
        List<Runnable> events = List.copyOf(inbox);
        long nanos = inboxNanos;
        inbox.clear();
        inboxNanos = 0;
        turnDue = false;
        events.forEach(Runnable::run);
        List<Ready> readies = new ArrayList<>();
        while (raft.hasReady()) {
            Ready ready = raft.ready();
            readies.add(ready);
            nanos += costs.message() * ready.messages().size();
        }
        return new Job(nanos, () -> readies.forEach(this::carryOut));
    }

    private void carryOut(Ready ready) {
        ready.messages().forEach(this::send);
        if (ready.mustPersist()) {
            toWrite.add(ready);
            if (!writing) {
                writing = true;
                logWriter.submit(this::write);
            }
        }
        toApply.addAll(ready.committed());
        if (!toApply.isEmpty() && !applying) {
            applying = true;
            applier.submit(this::apply);
        }
        ready.reads().forEach(read -> reads.remove(read.requestId()).run());
        ready.lostReads().forEach(reads::remove);
    }

    private void send(Message message) {
        timeline.after(costs.network(), () -> peers.apply(message.to()).receive(message));
    }

    private void receive(Message message) {
        long writes = message instanceof Message.AppendEntries append
                ? append.entries().size()
                : 0;
        post(costs.message() + writes * costs.followerWrite(), () -> raft.step(message));
    }

    private Job write() {
        List<Ready> batch = toWrite;
        toWrite = new ArrayList<>();
        batch.forEach(ready -> log.append(ready.entries()));
        long writes = batch.stream().mapToLong(ready -> ready.entries().size()).sum();
        return new Job(costs.logBatch() + writes * costs.logWrite(), () -> disk.sync(() -> written(batch)));
    }

    private void written(List<Ready> batch) {
        List<Message> messages = batch.stream()
                .flatMap(ready -> ready.messagesAfterPersist().stream())
                .toList();
        post(costs.message() * messages.size(), () -> {
            raft.persisted(batch.getLast().number());
            messages.forEach(this::send);
        });
        writing = !toWrite.isEmpty();
        if (writing) {
            logWriter.submit(this::write);
        }
    }

    private Job apply() {
        List<Entry> batch = toApply;
        toApply = new ArrayList<>();
        List<ApplyResult> results = store.apply(batch);
        long each = proposed.isEmpty() ? costs.followerApply() : costs.leaderApply();
        background.submit(() -> new Job(costs.background() * batch.size(), () -> {}));
        return new Job(costs.applyBatch() + each * batch.size(), () -> applied(batch, results));
    }

    private void applied(List<Entry> batch, List<ApplyResult> results) {
        Map<ClientLink, List<Request>> answers = new HashMap<>();
        List<ClientLink> inOrder = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Request request = proposed.remove(batch.get(i).index());
            if (request != null) {
                if (!(results.get(i) instanceof ApplyResult.Written)) {
                    throw new IllegalStateException("a write was not done: " + results.get(i));
                }
                answers.computeIfAbsent(request.link(), link -> {
                            inOrder.add(link);
                            return new ArrayList<>();
                        })
                        .add(request);
            }
        }
        long index = batch.getLast().index();
        post(costs.message() * inOrder.size(), () -> {
            raft.applied(index);
            inOrder.forEach(link -> timeline.after(costs.network(), () -> link.answered(answers.get(link))));
        });
        applying = !toApply.isEmpty();
        if (applying) {
            applier.submit(this::apply);
        }
    }

    /** A client's message of writes has come. */
    void write(List<Request> requests) {
        post(
                costs.message() + requests.size() * costs.leaderWrite(),
                () -> propose(requests.stream().map(Request::command).toList(), requests));
    }

    /** A command of the cluster's own; what becomes of it is to be seen in the store. */
    void propose(Command command) {
        post(costs.message(), () -> propose(List.of(command.toByteArray()), List.of()));
    }

    private void propose(List<byte[]> commands, List<Request> requests) {
        if (!(raft.propose(commands) instanceof Raft.Proposal.Accepted(long firstIndex, long _))) {
            throw new IllegalStateException(id + " does not take writes, though nothing fails here");
        }
        for (int i = 0; i < requests.size(); i++) {
            proposed.put(firstIndex + i, requests.get(i));
        }
    }

    /** Another node's poll of the shard map: a linearizable read, and an answer. */
    void readMap(Runnable answered) {
        post(costs.message(), () -> {
            reads.put(++lastRead, () -> post(costs.message(), answered));
            if (!raft.readIndex(lastRead)) {
                reads.remove(lastRead);
            }
        });
    }
}
