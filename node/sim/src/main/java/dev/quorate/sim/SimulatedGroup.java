package dev.quorate.sim;

import dev.quorate.raft.Membership;
import dev.quorate.raft.RaftConfig;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Surroundings;
import dev.quorate.sim.world.Timeline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;

/** The members of a group, and who starts them again, as Kubernetes does with real ones. */
final class SimulatedGroup {
    private static final int MAX_DOWNTIME_MILLIS = 300;

    private final int id;
    private final Timeline timeline;
    private final SplittableRandom random;
    private final Map<UUID, Member> members = new LinkedHashMap<>();
    private final Membership first;
    private final LiveMemberships memberships;
    private Surroundings surroundings;

    SimulatedGroup(int id, int size, Timeline timeline, SplittableRandom random) {
        this.id = id;
        this.timeline = timeline;
        this.random = random;
        TreeSet<UUID> ids = new TreeSet<>();
        for (int number = 1; number <= size; number++) {
            ids.add(new UUID(id, number));
        }
        this.first = Membership.ofVoters(ids);
        this.memberships = new LiveMemberships(first);
    }

    void start(Surroundings surroundings) {
        this.surroundings = surroundings;
        for (UUID id : first.members()) {
            members.put(id, new Member(surroundings, randomConfig(id), first, this::startAgain));
        }
        members.values().forEach(Member::start);
    }

    /** Limits are so low that everything is met all the time: more than fits an append, a window, a ready. */
    private RaftConfig randomConfig(UUID id) {
        return new RaftConfig(
                id,
                Surroundings.ELECTION_TICKS,
                Surroundings.HEARTBEAT_TICKS,
                50 + random.nextInt(500),
                1 + random.nextInt(8),
                100 + random.nextInt(2000),
                1500 + random.nextInt(8000),
                100 + random.nextInt(1000));
    }

    private void startAgain(Member member) {
        int downtime = random.nextInt(4) == 0 ? MAX_DOWNTIME_MILLIS : MAX_DOWNTIME_MILLIS / 10;
        timeline.after(1 + random.nextInt(downtime), member::start);
    }

    /** A member with an empty disk, which belongs to no group yet. */
    Member newMember() {
        UUID newId = new UUID(id, members.size() + 1);
        Member member = new Member(surroundings, randomConfig(newId), Membership.NONE, this::startAgain);
        members.put(newId, member);
        member.start();
        return member;
    }

    int id() {
        return id;
    }

    Member member(UUID id) {
        return members.get(id);
    }

    /** All that were not retired. */
    List<Member> members() {
        return members.values().stream().filter(member -> !member.isRetired()).toList();
    }

    Member anyMember() {
        List<Member> all = members();
        return all.get(random.nextInt(all.size()));
    }

    /** One that believes to lead, if there is one; there may be several. */
    Member likelyLeader() {
        List<Member> leaders =
                members.values().stream().filter(Member::isLeader).toList();
        return leaders.isEmpty() ? anyMember() : leaders.get(random.nextInt(leaders.size()));
    }

    /** Its configurations that may decide something yet. */
    LiveMemberships memberships() {
        return memberships;
    }

    /** Whether the group goes on without this member's disk: a majority must be left of every configuration that may decide something yet. */
    boolean canLose(Member member) {
        return member.isLost() || memberships.allMatch(membership -> goesOnWithout(member, membership));
    }

    /** Whether a configuration has its majority, or both, in members that are neither lost nor retired. */
    boolean goesOn(Membership membership) {
        return goesOnWithout(null, membership);
    }

    private boolean goesOnWithout(Member lost, Membership membership) {
        return hasMajority(membership.voters(), lost)
                && (membership.outgoing().isEmpty() || hasMajority(membership.outgoing(), lost));
    }

    private boolean hasMajority(Set<UUID> voters, Member lost) {
        long left = voters.stream()
                .map(members::get)
                .filter(voter -> voter != lost && !voter.isLost() && !voter.isRetired())
                .count();
        return left > voters.size() / 2;
    }

    /** What is still missing for the group to be at rest, or null. */
    String unsettled() {
        List<Member> leaders = members().stream().filter(Member::isLeader).toList();
        if (leaders.size() != 1) {
            return "there must be one leader, but there are " + leaders;
        }
        Member leader = leaders.getFirst();
        if (leader.status().commitIndex() < leader.status().lastIndex()
                || leader.status().membership().isJoint()) {
            return "not everything is committed: " + leader.status();
        }
        for (UUID id : leader.status().membership().members()) {
            Member member = members.get(id);
            if (member.isLost()) {
                continue;
            }
            if (!member.isUp()) {
                return member + " is down";
            }
            if (member.applied().index() != leader.status().commitIndex()) {
                return member + " has applied " + member.applied() + ", the leader has " + leader.status();
            }
        }
        return null;
    }
}
