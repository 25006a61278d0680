package dev.quorate.sim;

import dev.quorate.api.ShardMap;
import dev.quorate.sim.client.Client;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Surroundings.MemberDirectory;
import dev.quorate.sim.world.Timeline;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.proto.ShardRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** The groups of a simulated cluster; the first is the root group. */
final class Cluster implements MemberDirectory, Client.Groups {
    static final int ROOT_GROUP = 1;

    private final SplittableRandom random;
    private final List<SimulatedGroup> groups = new ArrayList<>();

    Cluster(Scenario scenario, Timeline timeline, SplittableRandom random) {
        this.random = random;
        for (int id = ROOT_GROUP; id <= scenario.groups(); id++) {
            groups.add(new SimulatedGroup(id, scenario.members(), timeline, random));
        }
    }

    List<SimulatedGroup> groups() {
        return groups;
    }

    SimulatedGroup group(int id) {
        return groups.get(id - 1);
    }

    SimulatedGroup groupOf(Member member) {
        return group(member.group());
    }

    SimulatedGroup root() {
        return group(ROOT_GROUP);
    }

    SimulatedGroup anyGroup() {
        return groups.get(random.nextInt(groups.size()));
    }

    @Override
    public Member member(UUID id) {
        return group((int) id.getMostSignificantBits()).member(id);
    }

    @Override
    public int count() {
        return groups.size();
    }

    @Override
    public List<Member> members(int group) {
        return group(group).members();
    }

    List<Member> members() {
        return groups.stream().flatMap(group -> group.members().stream()).toList();
    }

    /** All faults are over. */
    void recover() {
        for (Member member : members()) {
            member.recover();
            member.start();
        }
    }

    /** What is still missing for the cluster to be at rest, or null. */
    String unsettled() {
        for (SimulatedGroup group : groups) {
            String missing = group.unsettled();
            if (missing != null) {
                return missing;
            }
        }
        ShardMap map = root().likelyLeader().map();
        return map.getMovesCount() > 0 ? "moves are not finished: " + map.getMovesList() : unserved(map);
    }

    private String unserved(ShardMap map) {
        for (int shard = 0; shard < map.getOwnerCount(); shard++) {
            ShardRecord record = group(map.getOwner(shard)).likelyLeader().shard(shard);
            if (record.getState() != ShardRecord.State.OWNED) {
                return "group " + map.getOwner(shard) + " should serve shard " + shard + ", which is " + record;
            }
        }
        return null;
    }

    void requireSettled() {
        String missing = unsettled();
        if (missing != null) {
            throw new Violation("liveness", missing);
        }
    }
}
