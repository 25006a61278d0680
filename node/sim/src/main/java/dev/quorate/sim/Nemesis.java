package dev.quorate.sim;

import dev.quorate.raft.Entry;
import dev.quorate.raft.Membership;
import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.raft.Ready;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.member.Surroundings.Pace;
import dev.quorate.sim.world.Fault;
import dev.quorate.sim.world.Network;
import dev.quorate.sim.world.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes the scenario's faults happen, one after the other, most of all to leaders, and to those that change their group or are given a snapshot. */
final class Nemesis implements Observer {
    private static final int DANGER_MILLIS = 12;
    /** What an errand asks for when whatever the sender has is late enough. */
    private static final SnapshotMeta ANY_SNAPSHOT = new SnapshotMeta(1, 1, Membership.NONE);

    private final Scenario scenario;
    private final Cluster cluster;
    private final Timeline timeline;
    private final SplittableRandom random;
    private final Network network;
    private final int maxInterval;
    private final List<Fault> kinds = new ArrayList<>();
    private boolean stopped;

    Nemesis(Scenario scenario, Cluster cluster, Timeline timeline, SplittableRandom random, Network network) {
        this.scenario = scenario;
        this.cluster = cluster;
        this.timeline = timeline;
        this.random = random;
        this.network = network;
        this.maxInterval = 40 + random.nextInt(400);
        scenario.faults().stream().filter(Nemesis::isEvent).forEach(kinds::add);
    }

    private static boolean isEvent(Fault fault) {
        return switch (fault) {
            case DROP, DELAY, DUPLICATE, DRIFT, TORN_WRITE, SNAPSHOT_DAMAGE, LATE_COMMAND, MEMBERSHIP -> false;
            default -> true;
        };
    }

    Network.Quality networkQuality() {
        boolean slow = scenario.has(Fault.DELAY);
        return new Network.Quality(
                scenario.has(Fault.DROP) ? 1 + random.nextInt(200) : 0,
                scenario.has(Fault.DUPLICATE) ? 1 + random.nextInt(150) : 0,
                slow ? 5 + random.nextInt(40) : 4,
                slow ? 20 : 0);
    }

    Pace pace() {
        return new Pace(
                1 + random.nextInt(random.nextInt(4) == 0 ? 100 : 12),
                1 + random.nextInt(10),
                random.nextInt(10, 80),
                scenario.has(Fault.TORN_WRITE) ? random.nextInt(10, 300) : 0,
                scenario.has(Fault.DRIFT) ? random.nextInt(1, 400) : 0,
                scenario.has(Fault.SNAPSHOT_DAMAGE) ? random.nextInt(10, 250) : 0);
    }

    void start() {
        timeline.after(1 + random.nextInt(maxInterval), () -> {
            if (!stopped) {
                SimulatedGroup group = cluster.anyGroup();
                strike(random.nextInt(3) == 0 ? group.likelyLeader() : group.anyMember());
                if (random.nextInt(3) == 0) {
                    network.heal();
                }
                start();
            }
        });
    }

    void stop() {
        stopped = true;
    }

    /** A configuration or a snapshot is on its way to the disk and to the others: what happens now may leave it with some of them. */
    @Override
    public void handedOut(Member member, Ready ready) {
        boolean danger = ready.snapshot() != null
                || ready.entries().stream().anyMatch(entry -> entry.type() == Entry.Type.MEMBERSHIP);
        if (danger && !stopped && random.nextInt(6) == 0) {
            timeline.after(random.nextInt(DANGER_MILLIS), () -> {
                if (!stopped) {
                    strike(member);
                }
            });
        }
    }

    private void strike(Member member) {
        if (!kinds.isEmpty() && !member.isRetired()) {
            strike(member, kinds.get(random.nextInt(kinds.size())));
        }
    }

    private void strike(Member member, Fault fault) {
        SimulatedGroup group = cluster.groupOf(member);
        switch (fault) {
            case PARTITION -> {
                if (random.nextInt(3) == 0) {
                    partition(group.members());
                } else {
                    partition(some(member));
                }
            }
            case ONE_WAY -> network.cut(member.id(), group.anyMember().id());
            case KILL -> member.kill();
            case POWER -> member.losePower();
            case FSYNC_ERROR -> member.disk().failFsync();
            case DISK_FULL -> fillDisk(member);
            case DISK_STALL -> member.disk().stall(random.nextInt(600));
            case BIT_FLIP -> {
                if (group.canLose(member)) {
                    member.disk().rot();
                }
            }
            case WIPE -> {
                if (random.nextInt(4) == 0 && group.canLose(member)) {
                    member.wipe();
                }
            }
            case PAUSE -> member.pause(random.nextInt(500));
            case CLOCK_JUMP -> member.jumpClock(random.nextInt(-100_000, 100_000));
            case TRANSFER -> transfer(group, member);
            case LATE_SNAPSHOT -> lateSnapshot(group, member);
            case DROP, DELAY, DUPLICATE, DRIFT, TORN_WRITE, SNAPSHOT_DAMAGE, LATE_COMMAND, MEMBERSHIP ->
                throw new IllegalArgumentException(fault + " is no event");
        }
    }

    /** This one, and perhaps some more. */
    private List<Member> some(Member member) {
        List<Member> apart = new ArrayList<>(List.of(member));
        for (Member other : cluster.members()) {
            if (other != member && random.nextInt(4) == 0) {
                apart.add(other);
            }
        }
        return apart;
    }

    /** Those within a part still reach each other: a whole group may be apart from the others. */
    private void partition(List<Member> apart) {
        for (Member inside : apart) {
            for (Member outside : cluster.members()) {
                if (!apart.contains(outside)) {
                    network.cut(inside.id(), outside.id());
                    network.cut(outside.id(), inside.id());
                }
            }
        }
    }

    private void fillDisk(Member member) {
        member.disk().fill(random.nextInt(20_000));
        timeline.after(1 + random.nextInt(800), member.disk()::free);
    }

    /**
     * Another member does the leader's errand of a moment ago while the leader cannot reach the receiver: its log may end beyond the snapshot, which is
     * beyond what it knows to be committed.
     */
    private void lateSnapshot(SimulatedGroup group, Member receiver) {
        Member leader = group.likelyLeader();
        Member helper = group.anyMember();
        if (leader.isLeader() && leader != receiver && helper != receiver && helper != leader) {
            long term = leader.status().term();
            network.cut(leader.id(), receiver.id());
            timeline.after(random.nextInt(DANGER_MILLIS), () -> {
                if (!stopped) {
                    helper.deliverSnapshot(
                            new InstallSnapshot(leader.id(), receiver.id(), term, ANY_SNAPSHOT), delivered -> {});
                }
            });
        }
    }

    private void transfer(SimulatedGroup group, Member member) {
        member.transferLeadership(group.anyMember().id());
        if (random.nextBoolean()) {
            // Somebody has another mind: two members campaign in the same term.
            member.transferLeadership(group.anyMember().id());
        }
    }
}
