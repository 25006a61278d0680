package dev.quorate.sim.member;

import dev.quorate.raft.Message;
import dev.quorate.sim.world.Network;
import dev.quorate.sim.world.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What all members of a simulation share. */
public final class Surroundings {
    /** A tick of a clock that runs right. */
    public static final int TICK_MILLIS = 10;

    public static final int ELECTION_TICKS = 10;
    public static final int HEARTBEAT_TICKS = 2;

    final Timeline timeline;
    final SplittableRandom random;
    final Network network;
    final List<Observer> observers = new ArrayList<>();
    private final Consumer<String> tracer;
    private final MemberDirectory members;
    Pace pace = Pace.STEADY;

    /**
     * @param members finds a member by its id
     * @param tracer gets a line for everything that happens, or null
     */
    public Surroundings(
            Timeline timeline,
            SplittableRandom random,
            Network network,
            MemberDirectory members,
            Consumer<String> tracer) {
        this.timeline = timeline;
        this.random = random;
        this.network = network;
        this.members = members;
        this.tracer = tracer;
    }

    /** Finds a member. */
    public interface MemberDirectory {
        Member member(UUID id);
    }

    /**
     * How fast members are, and when they do what is left to them.
     *
     * @param maxSyncMillis an fsync takes up to this
     * @param electionSpread how many different election timeouts there are; the fewer, the more elections collide
     * @param compactEntries a log is compacted when it has more entries than this, once in a while
     * @param tornStatePerMille chance that the power goes while a term or a vote is written
     * @param driftPerMille how far clocks run apart
     * @param snapshotDamagePerMille chance that a snapshot is damaged, at its sender, at its receiver, and for each of its chunks on the way
     */
    public record Pace(
            int maxSyncMillis,
            int electionSpread,
            int compactEntries,
            int tornStatePerMille,
            int driftPerMille,
            int snapshotDamagePerMille) {
        public static final Pace STEADY = new Pace(4, Integer.MAX_VALUE, 200, 0, 0, 0);
    }

    public void pace(Pace next) {
        pace = next;
    }

    public void observe(Observer observer) {
        observers.add(observer);
    }

    Member member(UUID id) {
        return members.member(id);
    }

    void tell(Consumer<Observer> event) {
        for (int i = 0; i < observers.size(); i++) {
            event.accept(observers.get(i));
        }
    }

    void trace(Member member, Supplier<Object> what) {
        if (tracer != null) {
            tracer.accept(timeline.now() + " " + member + " " + what.get());
        }
    }

    /** Of a turn: everything that arrives before it is handled at once. */
    int turnDelay() {
        return random.nextInt(3);
    }

    int electionJitter(int bound) {
        // What the core draws from all integers tells its lives apart, and has to differ.
        return random.nextInt(bound == Integer.MAX_VALUE ? bound : Math.min(bound, pace.electionSpread()));
    }

    boolean happens(int perMille) {
        return perMille > 0 && random.nextInt(1000) < perMille;
    }

    void send(Member from, Message message) {
        tell(observer -> observer.sent(from, message));
        trace(from, () -> "sends " + message);
        UUID to = message.to();
        if (!network.send(from.id(), to, () -> member(to).receive(message))) {
            from.reportUnreachable(to);
        }
    }
}
