package dev.quorate.raft.sim;

import dev.quorate.raft.Membership;
import dev.quorate.raft.RaftConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;

/** One run of one seed: a group with faults and clients, then without faults. */
final class Simulation {
    static final int TICK = 10;
    private static final int ELECTION_TICKS = 10;
    private static final int HEARTBEAT_TICKS = 2;
    private static final long FAULT_PHASE = 10_000;
    /** Without faults, with clients. */
    private static final long LIVENESS_PHASE = 2_000;
    /** Without clients, at most: until all members are equal. */
    private static final long SETTLING_PHASE = 20_000;

    private final EventQueue events = new EventQueue();
    private final SplittableRandom random;
    private final Consumer<String> tracer;
    private final Map<UUID, SimMember> members = new LinkedHashMap<>();
    private final CommitHistory history = new CommitHistory();
    private final List<Invariant> invariants;
    private final SimNetwork network;
    private FaultProfile faults;
    private boolean quiet;
    private long nextRequestId;
    private long nextCommand;

    /**
     * @param census counts what happened
     * @param tracer gets a line for everything that happens, or null
     */
    Simulation(long seed, Census census, Consumer<String> tracer) {
        this.random = new SplittableRandom(seed);
        this.tracer = tracer;
        this.faults = FaultProfile.random(random);
        this.network = new SimNetwork(events, random, faults, this::deliver);
        List<UUID> ids = new ArrayList<>();
        int size = new int[] {1, 3, 3, 3, 5, 5}[random.nextInt(6)];
        for (int i = 1; i <= size; i++) {
            ids.add(new UUID(0, i));
        }
        Membership membership = Membership.ofVoters(Set.copyOf(ids));
        for (UUID id : ids) {
            members.put(id, new SimMember(this, randomConfig(id), membership));
        }
        invariants = List.of(
                history,
                new ElectionSafety(),
                new LogMatching(),
                new LeaderCompleteness(history),
                new StateMachineSafety(),
                new CommitIsFinal(history),
                new CommitIsDurable(history, members.values()),
                new ReadLinearizability(history),
                census);
    }

    private RaftConfig randomConfig(UUID id) {
        return new RaftConfig(
                id,
                ELECTION_TICKS,
                HEARTBEAT_TICKS,
                50 + random.nextInt(500),
                1 + random.nextInt(8),
                100 + random.nextInt(2000),
                500 + random.nextInt(5000),
                100 + random.nextInt(1000));
    }

    void run() {
        members.values().forEach(SimMember::start);
        scheduleClient();
        scheduleFault();
        events.runUntil(FAULT_PHASE);
        stopFaults();
        long committedWithFaults = history.lastIndex();
        events.runUntil(FAULT_PHASE + LIVENESS_PHASE);
        if (history.lastIndex() <= committedWithFaults) {
            throw new Violation("liveness", "without faults nothing was committed after entry " + committedWithFaults);
        }
        quiet = true;
        long deadline = events.now() + SETTLING_PHASE;
        while (unsettled() != null && events.now() < deadline) {
            events.runUntil(events.now() + 10 * TICK);
        }
        if (unsettled() != null) {
            throw new Violation("liveness", unsettled());
        }
        // The last reads get their answers.
        events.runUntil(events.now() + 20 * TICK);
        invariants.forEach(Invariant::atEnd);
    }

    private void scheduleClient() {
        events.after(1 + random.nextInt(20), () -> {
            if (!quiet) {
                clientAction();
                scheduleClient();
            }
        });
    }

    private void clientAction() {
        SimMember target = random.nextInt(10) == 0 ? anyMember() : likelyLeader();
        if (random.nextInt(1000) < faults.transfer()) {
            target.transfer(anyMember().id());
            if (random.nextBoolean()) {
                // Somebody has another mind: two members campaign in the same term.
                target.transfer(anyMember().id());
            }
            return;
        }
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5, 6 -> target.read(nextRequestId++);
            case 7 -> anyMember().flushAndCompact(random.nextInt(20));
            default -> target.propose(randomCommands());
        }
    }

    private List<byte[]> randomCommands() {
        List<byte[]> commands = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int padding = random.nextInt(10) == 0 ? random.nextInt(300) : 0;
            commands.add(ByteBuffer.allocate(8 + padding).putLong(nextCommand++).array());
        }
        return commands;
    }

    private void scheduleFault() {
        if (quiet || faults.faultInterval() == 0) {
            return;
        }
        events.after(1 + random.nextInt(faults.faultInterval()), () -> {
            if (faults.faultInterval() > 0) {
                fault();
                scheduleFault();
            }
        });
    }

    private void fault() {
        // Leaders are the worst to lose.
        SimMember member = random.nextInt(3) == 0 ? likelyLeader() : anyMember();
        switch (random.nextInt(6)) {
            case 0 -> crash(member, random.nextBoolean() ? 30 : 600);
            case 1 -> member.pause(random.nextInt(500));
            case 2 -> isolate(member);
            case 3 -> network.cut(member.id(), anyMember().id());
            default -> network.heal();
        }
    }

    private void isolate(SimMember member) {
        for (UUID other : members.keySet()) {
            network.cut(member.id(), other);
            network.cut(other, member.id());
        }
    }

    /** A power failure, over after some time. */
    void crash(SimMember member, int maxDowntime) {
        if (member.isUp()) {
            member.crash();
            events.after(1 + random.nextInt(maxDowntime), () -> restart(member));
        }
    }

    boolean crashesAtVote() {
        return random.nextInt(1000) < faults.crashAtVote();
    }

    private void restart(SimMember member) {
        if (!member.isUp()) {
            trace("restart", member);
            member.start();
        }
    }

    private void stopFaults() {
        trace("faults stop", "");
        faults = FaultProfile.NONE;
        network.faults(faults);
        network.heal();
        members.values().forEach(SimMember::resume);
        members.values().forEach(this::restart);
    }

    /** What is still missing for the group to be at rest, or null. */
    private String unsettled() {
        List<SimMember> leaders =
                members.values().stream().filter(SimMember::isLeader).toList();
        if (leaders.size() != 1) {
            return "there must be one leader, but there are " + leaders;
        }
        SimMember leader = leaders.getFirst();
        if (leader.status().commitIndex() < leader.status().lastIndex()) {
            return "not everything is committed: " + leader.status();
        }
        for (SimMember member : members.values()) {
            if (!member.state().equals(leader.state())) {
                return member + " did not catch up: " + member.status() + " with " + leader.status();
            }
        }
        return null;
    }

    private void deliver(SimNetwork.Envelope envelope) {
        SimMember member = members.get(envelope.message().to());
        if (member.isUp()) {
            member.receive(envelope);
        }
    }

    /** One that believes to lead, if there is one; there may be several. */
    private SimMember likelyLeader() {
        List<SimMember> leaders =
                members.values().stream().filter(SimMember::isLeader).toList();
        return leaders.isEmpty() ? anyMember() : leaders.get(random.nextInt(leaders.size()));
    }

    private SimMember anyMember() {
        return members.get(new UUID(0, 1 + random.nextInt(members.size())));
    }

    /** Clocks run apart: each member's has its own speed. */
    long nextTickDelay(SimMember member) {
        int speed = (int) (member.id().getLeastSignificantBits() * 7 % 5) - 2;
        return TICK + (long) speed * faults.drift() / 2;
    }

    int nextElectionJitter(int bound) {
        return random.nextInt(Math.min(bound, faults.electionSpread()));
    }

    long nextDiskDelay() {
        return 1 + random.nextInt(faults.maxDiskDelay());
    }

    int nextInt(int bound) {
        return random.nextInt(bound);
    }

    SplittableRandom random() {
        return random;
    }

    long now() {
        return events.now();
    }

    void after(long delay, Runnable action) {
        events.after(delay, action);
    }

    SimNetwork network() {
        return network;
    }

    List<Invariant> invariants() {
        return invariants;
    }

    void trace(String what, Object detail) {
        if (tracer != null) {
            tracer.accept(events.now() + " " + what + " " + detail);
        }
    }
}
