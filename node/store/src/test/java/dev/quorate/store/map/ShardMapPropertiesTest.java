package dev.quorate.store.map;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.MapChange;
import dev.quorate.api.MapChangeResult;
import dev.quorate.api.Member;
import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.api.ShardMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;

/** Whatever changes come, in whatever order, the map is one that the cluster can live with. */
class ShardMapPropertiesTest {
    private static final int SHARDS = 4;

    @Property(tries = 500)
    void theMapIsConsistentAfterEveryChange(@ForAll("histories") List<Draw> history) {
        ShardMap map = twoGroups();
        Map<Long, Move> decided = new HashMap<>();
        for (Draw draw : history) {
            MapChangeResult result = ShardMapMachine.apply(map, draw.on(map));
            ShardMap next = result.getMap();
            checkStep(map, result);
            checkMap(next);
            checkDecisions(decided, next);
            map = next;
        }
    }

    private static ShardMap twoGroups() {
        ShardMap map = ShardMap.getDefaultInstance();
        for (MapChange change : List.of(
                MapChanges.create(SHARDS),
                MapChanges.addGroup(2),
                MapChanges.setMembers(2, "m2"),
                MapChanges.setState(2, GroupState.ACTIVE))) {
            map = ShardMapMachine.apply(map, change).getMap();
        }
        return map;
    }

    private static void checkStep(ShardMap before, MapChangeResult result) {
        ShardMap after = result.getMap();
        assertThat(result.getAccepted()).isEqualTo(result.getRefusal().isEmpty());
        if (result.getAccepted() && !after.equals(before)) {
            assertThat(after.getEpoch()).isEqualTo(before.getEpoch() + 1);
        } else {
            assertThat(after).isEqualTo(before);
        }
        if (!result.getAccepted()) {
            assertThat(result.getRefusal()).matches("[A-Z].*\\.");
        }
        assertThat(after.getNextGroupId()).isGreaterThanOrEqualTo(before.getNextGroupId());
        Set<Integer> known = new HashSet<>();
        before.getGroupsList().forEach(group -> known.add(group.getId()));
        for (Group group : after.getGroupsList()) {
            assertThat(known.contains(group.getId()) || group.getId() >= before.getNextGroupId())
                    .as("an id is never used again")
                    .isTrue();
        }
    }

    private static void checkMap(ShardMap map) {
        Map<Integer, Group> groups = new HashMap<>();
        Set<String> members = new HashSet<>();
        for (Group group : map.getGroupsList()) {
            assertThat(groups.put(group.getId(), group)).isNull();
            assertThat(group.getId()).isLessThan(map.getNextGroupId());
            for (Member member : group.getMembersList()) {
                assertThat(members.add(member.getId()))
                        .as("a member is in one group")
                        .isTrue();
            }
        }
        assertThat(groups.get(1).getState()).isEqualTo(GroupState.ACTIVE);
        assertThat(map.getOwnerCount()).isEqualTo(SHARDS);
        for (int owner : map.getOwnerList()) {
            assertThat(groups.get(owner).getState()).isIn(GroupState.ACTIVE, GroupState.DRAINING);
        }
        Set<Integer> moving = new HashSet<>();
        for (Move move : map.getMovesList()) {
            assertThat(moving.add(move.getShard())).as("one move per shard").isTrue();
            assertThat(move.getFromGroup()).isNotEqualTo(move.getToGroup());
            for (int side : new int[] {move.getFromGroup(), move.getToGroup()}) {
                assertThat(groups.get(side).getState()).isIn(GroupState.ACTIVE, GroupState.DRAINING);
            }
            boolean switched = move.getState() == MoveState.SWITCHED;
            assertThat(map.getOwner(move.getShard())).isEqualTo(switched ? move.getToGroup() : move.getFromGroup());
            assertThat(move.getDecidedEpoch() > 0).isEqualTo(move.getState() != MoveState.COPYING);
            assertThat(move.getId()).isLessThanOrEqualTo(map.getEpoch());
            assertThat(move.getTargetDone() && move.getSourceDone()).isFalse();
            assertThat(switched && move.getSourceDone()).as("the target first").isFalse();
        }
    }

    /** Rule 4: what was decided stays decided. */
    private static void checkDecisions(Map<Long, Move> decided, ShardMap map) {
        for (Move move : map.getMovesList()) {
            if (move.getState() != MoveState.COPYING) {
                Move first = decided.putIfAbsent(move.getId(), move);
                if (first != null) {
                    assertThat(move.getState()).isEqualTo(first.getState());
                    assertThat(move.getDecidedEpoch()).isEqualTo(first.getDecidedEpoch());
                }
            }
        }
    }

    /**
     * What to do next, as numbers that pick from what the map has: so that most changes mean something, whatever came before.
     *
     * @param kind picks the change
     */
    record Draw(int kind, int first, int second, int third) {
        MapChange on(ShardMap map) {
            int group = group(map, first);
            boolean toss = third % 2 == 0;
            MapChange change = switch (kind) {
                case 0 -> MapChanges.addGroup(map.getGroupsCount() < 4 ? map.getNextGroupId() : group);
                case 1, 2 -> MapChanges.setMembers(group, "m" + (third % 10 == 0 ? group(map, second) : group));
                case 3, 4 -> MapChanges.setState(group, toss ? GroupState.ACTIVE : state(second));
                case 5 -> MapChanges.removeGroup(group);
                case 6, 7, 8 -> {
                    int shard = first % (SHARDS + 1);
                    int from = shard == SHARDS || third % 10 == 0 ? group : map.getOwner(shard);
                    yield MapChanges.startMove(shard, from, group(map, second));
                }
                case 9, 10 -> MapChanges.decide(move(map, first), decision(second));
                default -> MapChanges.finish(move(map, first), toss);
            };
            long expected = second % 10 == 0 ? map.getEpoch() - third % 2 : 0;
            return change.toBuilder().setExpectedEpoch(expected).build();
        }

        /** One of the map's groups, the next one, or one past it. */
        private static int group(ShardMap map, int pick) {
            int at = pick % (map.getGroupsCount() + 2);
            return at < map.getGroupsCount()
                    ? map.getGroups(at).getId()
                    : map.getNextGroupId() + at - map.getGroupsCount();
        }

        private static long move(ShardMap map, int pick) {
            int at = pick % (map.getMovesCount() + 1);
            return at < map.getMovesCount() ? map.getMoves(at).getId() : pick % (map.getEpoch() + 2);
        }

        private static GroupState state(int pick) {
            return GroupState.forNumber(pick % 5);
        }

        private static MoveState decision(int pick) {
            return pick % 7 == 0 ? MoveState.COPYING : pick % 2 == 0 ? MoveState.SWITCHED : MoveState.ABORTED;
        }
    }

    @Provide
    Arbitrary<List<Draw>> histories() {
        Arbitrary<Integer> pick = Arbitraries.integers().between(0, 999).withDistribution(RandomDistribution.uniform());
        Arbitrary<Integer> kind = Arbitraries.integers().between(0, 13).withDistribution(RandomDistribution.uniform());
        return Combinators.combine(kind, pick, pick, pick)
                .as(Draw::new)
                .list()
                .ofMinSize(50)
                .ofMaxSize(200);
    }
}
