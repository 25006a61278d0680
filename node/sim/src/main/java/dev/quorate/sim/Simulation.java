package dev.quorate.sim;

import dev.quorate.sim.client.Client;
import dev.quorate.sim.client.Oracle;
import dev.quorate.sim.invariant.AcknowledgedStays;
import dev.quorate.sim.invariant.CommitHistory;
import dev.quorate.sim.invariant.CommitIsDurable;
import dev.quorate.sim.invariant.CommitIsFinal;
import dev.quorate.sim.invariant.CommitsOwnTerm;
import dev.quorate.sim.invariant.DurableBeforeAcknowledged;
import dev.quorate.sim.invariant.ElectedByMajority;
import dev.quorate.sim.invariant.ElectionSafety;
import dev.quorate.sim.invariant.EpochsGoForward;
import dev.quorate.sim.invariant.LastCopyStays;
import dev.quorate.sim.invariant.LeaderAppendOnly;
import dev.quorate.sim.invariant.LeaderCompleteness;
import dev.quorate.sim.invariant.LeaderInTouch;
import dev.quorate.sim.invariant.LeaderUndisturbed;
import dev.quorate.sim.invariant.LogMatching;
import dev.quorate.sim.invariant.MembershipFollowsLog;
import dev.quorate.sim.invariant.MembershipOverlap;
import dev.quorate.sim.invariant.OneHomePerShard;
import dev.quorate.sim.invariant.ReadFreshness;
import dev.quorate.sim.invariant.ReadsConfirmed;
import dev.quorate.sim.invariant.ReplicasIdentical;
import dev.quorate.sim.invariant.ResultsAgree;
import dev.quorate.sim.invariant.SessionExactlyOnce;
import dev.quorate.sim.invariant.StateMachineSafety;
import dev.quorate.sim.invariant.VoteOncePerTerm;
import dev.quorate.sim.invariant.VoteUpToDate;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.member.Surroundings;
import dev.quorate.sim.member.Surroundings.Pace;
import dev.quorate.sim.world.Network;
import dev.quorate.sim.world.Timeline;
import dev.quorate.sim.world.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** One run of one scenario: a safety phase with faults, then a liveness phase without. */
public final class Simulation {
    /** Without faults, with clients: the cluster must serve again. */
    private static final long LIVENESS_MILLIS = 2_000;

    private static final long SERVING_MILLIS = 10 * LIVENESS_MILLIS;
    /** Without clients, at most: until all members are equal. */
    private static final long SETTLING_MILLIS = 20_000;

    private static final long LAST_ANSWERS_MILLIS = 500;

    private final Scenario scenario;
    private final Timeline timeline = new Timeline();
    private final Network network;
    private final Cluster cluster;
    private final Nemesis nemesis;
    private final List<Administrator> administrators;
    private final Mover mover;
    private final List<Surroundings> surroundings = new ArrayList<>();
    private final Oracle oracle = new Oracle();
    private final Census census = new Census();
    private final List<Observer> observers = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();

    /** @param tracer gets a line for everything that happens, or null */
    public Simulation(Scenario scenario, Consumer<String> tracer) {
        SplittableRandom random = new SplittableRandom(scenario.seed() ^ 0x5DEECE66DL);
        this.scenario = scenario;
        this.network = new Network(timeline, random);
        this.cluster = new Cluster(scenario, timeline, random);
        this.nemesis = new Nemesis(scenario, cluster, timeline, random, network);
        this.administrators = cluster.groups().stream()
                .map(group -> new Administrator(scenario, group, timeline, random))
                .toList();
        this.mover = new Mover(scenario, cluster, timeline, random, network);
        List<Observer> ofAllGroups = ofAllGroups();
        observers.addAll(ofAllGroups);
        for (SimulatedGroup group : cluster.groups()) {
            List<Observer> ofGroup = ofGroup(group);
            observers.addAll(ofGroup);
            Surroundings its = new Surroundings(timeline, random, network, cluster, tracer);
            ofGroup.forEach(its::observe);
            ofAllGroups.forEach(its::observe);
            its.observe(nemesis);
            surroundings.add(its);
        }
        for (int number = 1; number <= scenario.clients(); number++) {
            clients.add(new Client(number, scenario.shards(), timeline, random, network, cluster, oracle));
        }
    }

    private static List<Observer> ofGroup(SimulatedGroup group) {
        CommitHistory history = new CommitHistory();
        return List.of(
                group.memberships(),
                history,
                new ElectionSafety(),
                new LogMatching(),
                new LeaderAppendOnly(),
                new LeaderCompleteness(history),
                new StateMachineSafety(),
                new CommitIsFinal(history),
                new CommitsOwnTerm(),
                new CommitIsDurable(history, group::member),
                new DurableBeforeAcknowledged(),
                new MembershipOverlap(),
                new MembershipFollowsLog(),
                new AcknowledgedStays(),
                new VoteOncePerTerm(),
                new VoteUpToDate(),
                new ElectedByMajority(),
                new LeaderInTouch(),
                new LeaderUndisturbed(),
                new ReadFreshness(history),
                new ReadsConfirmed());
    }

    private List<Observer> ofAllGroups() {
        return List.of(
                new OneHomePerShard(),
                new LastCopyStays(),
                new EpochsGoForward(),
                new ResultsAgree(),
                new ReplicasIdentical(),
                new SessionExactlyOnce(),
                oracle,
                census);
    }

    /**
     * Runs it to its end.
     *
     * @throws Violation when an invariant does not hold, or the cluster does not heal
     */
    public void run() {
        try {
            runPhases();
        } finally {
            census.ran(timeline.now(), timeline.steps(), oracle.answered());
        }
    }

    /** What happened, once it has run. */
    public Census census() {
        return census;
    }

    private void runPhases() {
        network.quality(nemesis.networkQuality());
        Pace pace = nemesis.pace();
        for (int i = 0; i < surroundings.size(); i++) {
            surroundings.get(i).pace(pace);
            cluster.groups().get(i).start(surroundings.get(i));
        }
        clients.forEach(Client::start);
        nemesis.start();
        administrators.forEach(Administrator::start);
        mover.start();
        timeline.runUntil(scenario.millis());
        heal();
        serve();
        settle();
        observers.forEach(Observer::atEnd);
    }

    private void heal() {
        nemesis.stop();
        network.heal();
        network.quality(Network.Quality.GOOD);
        surroundings.forEach(each -> each.pace(Pace.STEADY));
        mover.quiet();
        cluster.recover();
    }

    private void serve() {
        long answeredWithFaults = oracle.answered();
        long deadline = timeline.now() + SERVING_MILLIS;
        // A client asks members at random until one leads it on: some of them may be down for good.
        do {
            timeline.runUntil(timeline.now() + LIVENESS_MILLIS);
        } while (oracle.answered() == answeredWithFaults && timeline.now() < deadline);
        if (oracle.answered() == answeredWithFaults) {
            throw new Violation("liveness", "nobody was answered although there are no faults: " + cluster.unsettled());
        }
    }

    private void settle() {
        clients.forEach(Client::stop);
        administrators.forEach(Administrator::stop);
        long deadline = timeline.now() + SETTLING_MILLIS;
        while (cluster.unsettled() != null && timeline.now() < deadline) {
            timeline.runUntil(timeline.now() + 10L * Surroundings.TICK_MILLIS);
        }
        cluster.requireSettled();
        administrators.forEach(Administrator::scrubAll);
        timeline.runUntil(timeline.now() + LAST_ANSWERS_MILLIS);
    }
}
