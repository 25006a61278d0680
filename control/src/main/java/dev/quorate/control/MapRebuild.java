package dev.quorate.control;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.Member;
import dev.quorate.api.MoveState;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.ShardInfo;
import dev.quorate.api.ShardMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Makes a shard map of what the groups own, when the one that was is lost with the root group: pure. The groups are asked after each of them has begun a
 * {@linkplain #generation new generation}: nothing that the lost map decided takes effect after that, so what they say stays so.
 *
 * <p>A shard is its owner's. One that nobody owns, since it was on the move, is that of the group it was leaving, which has all of it. If that one was lost, or has let
 * go of it, the group that it was moving to keeps it, if all of it had arrived: what was acknowledged before the hand-over is there. Where two groups claim a
 * shard, or a group can't be asked, a person has to see to that first.
 */
public final class MapRebuild {
    /** How far above all that is known the new epoch is: the lost root group may have decided things that nobody heard of. */
    private static final long EPOCH_MARGIN = 1_000_000;

    private final ShardMap newest;
    private final SortedMap<Integer, NodeDescription> leaders;
    private final List<String> obstacles = new ArrayList<>();
    private final List<Settlement> settlements = new ArrayList<>();
    private final List<Integer> lost = new ArrayList<>();

    /** What came of it. */
    public sealed interface Outcome {
        /** It can't be done, and why: sentences for people. */
        record Refused(List<String> reasons) implements Outcome {
            public Refused {
                reasons = List.copyOf(reasons);
            }
        }

        /**
         * @param map the rebuilt map, at the generation's epoch and one
         * @param settlements what becomes of shards that were on the move
         * @param lost shards that no group has any more: the root group's own; they begin anew there, empty
         */
        record Rebuilt(ShardMap map, List<Settlement> settlements, List<Integer> lost) implements Outcome {
            public Rebuilt {
                settlements = List.copyOf(settlements);
                lost = List.copyOf(lost);
            }
        }
    }

    /**
     * Of one side of an unfinished move.
     *
     * @param newOwner 0: the shard stays in this group
     */
    public record Settlement(int group, int shard, int newOwner) {}

    private MapRebuild(ShardMap newest, SortedMap<Integer, NodeDescription> leaders) {
        this.newest = newest;
        this.leaders = new TreeMap<>(leaders);
    }

    /** Above every epoch and move that any node has heard of. */
    public static long generation(Collection<NodeDescription> nodes, ShardMap newest) {
        LongStream known = nodes.stream()
                .flatMapToLong(said -> LongStream.concat(
                        LongStream.of(said.getMapEpoch(), said.getGeneration()),
                        said.getShardsList().stream().mapToLong(ShardInfo::getMoveId)));
        return LongStream.concat(known, LongStream.of(newest.getEpoch())).max().orElseThrow() + EPOCH_MARGIN;
    }

    /**
     * @param newest the newest copy of the lost map that any node has; for the groups' lives and numbers, not for who owns what
     * @param nodes all that answer: a group that only its own members have heard of must be asked, too
     * @param leaders the words of the other groups' leaders, by group
     * @param rootMembers of the root group that is formed anew
     */
    public static Outcome rebuild(
            ShardMap newest,
            Collection<NodeDescription> nodes,
            SortedMap<Integer, NodeDescription> leaders,
            List<Member> rootMembers,
            long generation) {
        return new MapRebuild(newest, leaders).rebuild(nodes, rootMembers, generation);
    }

    private Outcome rebuild(Collection<NodeDescription> nodes, List<Member> rootMembers, long generation) {
        groups(nodes)
                .filter(group -> !leaders.containsKey(group))
                .forEach(group -> obstacles.add("group " + group
                        + " has no leader that answers, and nobody else knows what it owns: bring it back first"));
        List<Integer> owners = new ArrayList<>();
        for (int shard = 0; shard < newest.getShardCount(); shard++) {
            owners.add(home(shard));
        }
        if (!obstacles.isEmpty()) {
            return new Outcome.Refused(obstacles);
        }
        ShardMap.Builder map = ShardMap.newBuilder()
                .setClusterId(newest.getClusterId())
                .setEpoch(generation + 1)
                .setShardCount(newest.getShardCount())
                .addAllOwner(owners)
                .setNextGroupId(nextGroupId());
        groups(rootMembers).values().forEach(map::addGroups);
        return new Outcome.Rebuilt(map.build(), settlements, lost);
    }

    /** All but the root group that there are, as far as anybody has heard. */
    private IntStream groups(Collection<NodeDescription> nodes) {
        IntStream ofMap = newest.getGroupsList().stream()
                .filter(group -> group.getMembersCount() > 0)
                .mapToInt(Group::getId);
        IntStream ofNodes =
                nodes.stream().filter(NodeDescription::getBootstrapped).mapToInt(NodeDescription::getGroupId);
        return IntStream.concat(ofMap, ofNodes)
                .filter(group -> group != Planner.ROOT)
                .distinct()
                .sorted();
    }

    private int home(int shard) {
        List<Integer> owners = groupsWith(shard, "OWNED");
        List<Integer> leaving = groupsWith(shard, "FROZEN", "EXPORTING").stream()
                .filter(group -> owners.stream().noneMatch(owner -> came(shard, group, owner)))
                .toList();
        List<Integer> claims = Stream.concat(owners.stream(), leaving.stream()).toList();
        if (claims.isEmpty()) {
            claims = groupsWith(shard, "IMPORTING").stream()
                    .filter(group -> arrived(info(group, shard)))
                    .toList();
        }
        if (claims.size() > 1) {
            obstacles.add(
                    "shard " + shard + " is claimed by groups " + claims
                            + ": this must never be, and only a person can say which of them is right. Keep a copy of the disks of all of them");
            return Planner.ROOT;
        }
        long left = leftBy(shard);
        if (claims.isEmpty() && left > newest.getEpoch()) {
            obstacles.add("shard " + shard + " was given away by move " + left
                    + ", and the newest copy of the map is of epoch " + newest.getEpoch()
                    + ": the group that has it may be one that no node here knows of. Name its nodes, too");
            return Planner.ROOT;
        }
        int home = claims.isEmpty() ? Planner.ROOT : claims.getFirst();
        if (claims.isEmpty()) {
            lost.add(shard);
        }
        groupsWith(shard, "FROZEN", "EXPORTING", "IMPORTING")
                .forEach(group -> settlements.add(new Settlement(group, shard, group == home ? 0 : home)));
        return home;
    }

    /** Whether it is by the very move that it is frozen for here that the shard came to the other group: then it was switched. */
    private boolean came(int shard, int from, int to) {
        ShardInfo left = info(from, shard);
        return left.getState().equals("FROZEN") && info(to, shard).getIncarnation() == left.getMoveId();
    }

    /**
     * Whether all of it came, by a move that was not called off as far as anybody has heard: then its source had frozen it, and nothing was written to it elsewhere since. A
     * copy of the map that is not older than the move tells of it as long as the target has not settled it.
     */
    private boolean arrived(ShardInfo info) {
        long move = info.getMoveId();
        boolean calledOff = newest.getMovesList().stream()
                .noneMatch(known -> known.getId() == move && known.getState() != MoveState.ABORTED);
        return info.getImportComplete() && (move > newest.getEpoch() || !calledOff);
    }

    /** The last move by which a group gave the shard away, as long as it still knows; 0 for none, and for what a rebuild settled. */
    private long leftBy(int shard) {
        return groupsWith(shard, "RELEASED").stream()
                .mapToLong(group -> info(group, shard).getMoveId())
                .filter(move -> move < newest.getEpoch() + EPOCH_MARGIN)
                .max()
                .orElse(0);
    }

    private List<Integer> groupsWith(int shard, String... states) {
        return leaders.keySet().stream()
                .filter(group -> List.of(states).contains(info(group, shard).getState()))
                .toList();
    }

    private ShardInfo info(int group, int shard) {
        return leaders.get(group).getShardsList().stream()
                .filter(info -> info.getShard() == shard)
                .findFirst()
                .orElse(ShardInfo.getDefaultInstance());
    }

    private int nextGroupId() {
        int known = leaders.isEmpty() ? 0 : leaders.lastKey() + 1;
        return Math.max(Math.max(newest.getNextGroupId(), known), Planner.ROOT + 1);
    }

    /** As the newest copy has them, with the members that their leaders name. One that serves is no longer joining. */
    private SortedMap<Integer, Group> groups(List<Member> rootMembers) {
        Map<Integer, GroupState> states =
                newest.getGroupsList().stream().collect(Collectors.toMap(Group::getId, Group::getState));
        SortedMap<Integer, Group> groups = new TreeMap<>();
        newest.getGroupsList().forEach(group -> groups.put(group.getId(), group));
        leaders.forEach((id, leader) -> {
            GroupState state = states.getOrDefault(id, GroupState.ACTIVE);
            groups.put(
                    id,
                    Group.newBuilder()
                            .setId(id)
                            .setState(state == GroupState.JOINING ? GroupState.ACTIVE : state)
                            .addAllMembers(GroupHealth.voters(leader))
                            .build());
        });
        groups.put(
                Planner.ROOT,
                Group.newBuilder()
                        .setId(Planner.ROOT)
                        .setState(GroupState.ACTIVE)
                        .addAllMembers(rootMembers)
                        .build());
        return groups;
    }
}
