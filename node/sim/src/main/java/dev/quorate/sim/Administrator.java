package dev.quorate.sim;

import dev.quorate.raft.Membership;
import dev.quorate.raft.RaftStatus;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.world.Fault;
import dev.quorate.sim.world.Timeline;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.Scrub;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/** Changes the group while it serves, and has its replicas compared: what the operator does to real ones, with less patience. */
final class Administrator {
    private static final int MAX_VOTERS = 5;
    private static final int MAX_PAUSE_MILLIS = 150;
    private static final int MAX_RETIREMENT_MILLIS = 2_000;

    private final Scenario scenario;
    private final SimulatedGroup group;
    private final Timeline timeline;
    private final SplittableRandom random;
    /** Members that some membership has named: whoever is in none any more can go. */
    private final Set<UUID> everNamed = new HashSet<>();

    private boolean stopped;

    Administrator(Scenario scenario, SimulatedGroup group, Timeline timeline, SplittableRandom random) {
        this.scenario = scenario;
        this.group = group;
        this.timeline = timeline;
        this.random = random;
    }

    void start() {
        timeline.after(1 + random.nextInt(MAX_PAUSE_MILLIS), () -> {
            if (!stopped) {
                Member leader = group.likelyLeader();
                if (leader.isLeader() && !leader.isPaused()) {
                    look(leader);
                }
                start();
            }
        });
    }

    void stop() {
        stopped = true;
    }

    private void look(Member leader) {
        if (random.nextInt(4) == 0) {
            scrub(leader, random.nextInt(scenario.shards()));
        }
        RaftStatus status = leader.status();
        everNamed.addAll(status.membership().members());
        if (!scenario.has(Fault.MEMBERSHIP) || !status.membershipSettled()) {
            return;
        }
        retireDeparted(status.membership());
        Membership target = target(status.membership());
        if (target != null && !target.voters().isEmpty()) {
            leader.proposeMembership(target, group::goesOn);
        }
    }

    /** Has all replicas compare all that they hold. */
    void scrubAll() {
        for (int shard = 0; shard < scenario.shards(); shard++) {
            scrub(group.likelyLeader(), shard);
        }
    }

    private static void scrub(Member leader, int shard) {
        leader.propose(
                Command.newBuilder()
                        .setScrub(Scrub.newBuilder().setShard(shard))
                        .build(),
                reply -> {});
    }

    /** Those that are left out run on for a while, as they would until somebody takes them away. */
    private void retireDeparted(Membership membership) {
        for (Member member : group.members()) {
            if (everNamed.contains(member.id()) && !membership.members().contains(member.id())) {
                timeline.after(random.nextInt(MAX_RETIREMENT_MILLIS), () -> retire(member));
            }
        }
    }

    /** Unless a leader that was behind said so, or the member is wanted again. */
    private void retire(Member member) {
        if (!group.memberships().name(member.id())) {
            member.retire();
        }
    }

    /** The group that is wanted next, or null. */
    private Membership target(Membership now) {
        List<UUID> voters = now.voters().stream().sorted().toList();
        List<UUID> learners = now.learners().stream().sorted().toList();
        Set<UUID> nextVoters = new HashSet<>(voters);
        Set<UUID> nextLearners = new HashSet<>(learners);
        switch (random.nextInt(6)) {
            case 0, 1 -> {
                nextVoters.addAll(learners);
                nextLearners.clear();
                if (nextVoters.size() > MAX_VOTERS || random.nextBoolean()) {
                    nextVoters.remove(departing(voters));
                }
            }
            case 2 -> nextVoters.remove(departing(voters));
            case 3 -> {
                UUID demoted = departing(voters);
                nextVoters.remove(demoted);
                nextLearners.add(demoted);
            }
            case 4 -> {
                if (!learners.isEmpty()) {
                    nextLearners.remove(learners.get(random.nextInt(learners.size())));
                }
            }
            default -> {
                if (learners.isEmpty()) {
                    nextLearners.add(newcomer().id());
                }
            }
        }
        Membership next = Membership.of(nextVoters, nextLearners);
        return next.equals(now) ? null : next;
    }

    /** One whose disk is lost, if there is one. */
    private UUID departing(List<UUID> voters) {
        return voters.stream()
                .filter(id -> group.member(id).isLost())
                .findFirst()
                .orElseGet(() -> voters.get(random.nextInt(voters.size())));
    }

    /** A member that no group has named yet. */
    private Member newcomer() {
        return group.members().stream()
                .filter(member -> !everNamed.contains(member.id()) && !member.isLost())
                .findFirst()
                .orElseGet(group::newMember);
    }
}
