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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardMapMachineTest {
    private ShardMap map = ShardMap.getDefaultInstance();

    /** Group 1 owns eight shards; group 2 is active, group 3 joining. */
    @BeforeEach
    void create() {
        accept(MapChanges.create(8));
        accept(MapChanges.addGroup(2));
        accept(MapChanges.setMembers(2, "m2"));
        accept(MapChanges.setState(2, GroupState.ACTIVE));
        accept(MapChanges.addGroup(3));
    }

    private ShardMap accept(MapChange change) {
        long epoch = map.getEpoch();
        MapChangeResult result = ShardMapMachine.apply(map, change);
        assertThat(result.getRefusal()).isEmpty();
        assertThat(result.getAccepted()).isTrue();
        assertThat(result.getMap().getEpoch()).isEqualTo(epoch + 1);
        map = result.getMap();
        return map;
    }

    private void acceptAsRepeat(MapChange change) {
        MapChangeResult result = ShardMapMachine.apply(map, change);
        assertThat(result.getRefusal()).isEmpty();
        assertThat(result.getAccepted()).isTrue();
        assertThat(result.getMap()).isSameAs(map);
    }

    private void refuse(MapChange change, String sentence) {
        MapChangeResult result = ShardMapMachine.apply(map, change);
        assertThat(result.getAccepted()).isFalse();
        assertThat(result.getRefusal()).isEqualTo(sentence);
        assertThat(result.getMap()).isSameAs(map);
    }

    /** Starts a move of shard 0 from group 1 to group 2. */
    private Move startMove() {
        return accept(MapChanges.startMove(0, 1, 2)).getMoves(0);
    }

    @Test
    void aMapIsRestoredOnlyWhereThereIsNone() {
        ShardMap rebuilt = ShardMap.newBuilder()
                .setClusterId("c")
                .setEpoch(1000)
                .setShardCount(2)
                .addAllOwner(List.of(1, 2))
                .addGroups(group(1))
                .addGroups(group(2))
                .setNextGroupId(3)
                .build();
        assertThat(restore(ShardMap.getDefaultInstance(), rebuilt).getMap()).isEqualTo(rebuilt);
        assertThat(restore(rebuilt, rebuilt).getAccepted()).isTrue();
        assertThat(restore(rebuilt, rebuilt.toBuilder().setEpoch(2000).build()).getRefusal())
                .contains("has a shard map, at epoch 1000");
        assertThat(restore(
                                ShardMap.getDefaultInstance(),
                                rebuilt.toBuilder().setOwner(0, 3).build())
                        .getRefusal())
                .contains("Group 3 is not there");
        assertThat(restore(
                                ShardMap.getDefaultInstance(),
                                rebuilt.toBuilder().clearOwner().build())
                        .getRefusal())
                .contains("names the owner of each of its 2 shards");
        assertThat(restore(
                                ShardMap.getDefaultInstance(),
                                rebuilt.toBuilder().removeGroups(0).build())
                        .getRefusal())
                .contains("There is no group 1");
    }

    private static MapChangeResult restore(ShardMap map, ShardMap rebuilt) {
        return ShardMapMachine.apply(
                map,
                MapChange.newBuilder()
                        .setRestore(MapChange.RestoreMap.newBuilder().setMap(rebuilt))
                        .build());
    }

    private static Group group(int id) {
        return Group.newBuilder()
                .setId(id)
                .setState(GroupState.ACTIVE)
                .addMembers(Member.newBuilder().setId("m" + id).setHost("h"))
                .build();
    }

    @Test
    void theRootGroupOwnsEverythingAtFirst() {
        ShardMap first = ShardMapMachine.apply(ShardMap.getDefaultInstance(), MapChanges.create(8))
                .getMap();
        assertThat(first.getEpoch()).isEqualTo(1);
        assertThat(first.getOwnerList()).hasSize(8).containsOnly(1);
        assertThat(first.getGroups(0).getState()).isEqualTo(GroupState.ACTIVE);
        assertThat(first.getNextGroupId()).isEqualTo(2);
    }

    @Test
    void aMapIsCreatedOnce() {
        acceptAsRepeat(MapChanges.create(8));
        refuse(
                MapChanges.create(16),
                "The map of cluster c with 8 shards exists already: it can't be created again as another.");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3, 12, 32768, Integer.MIN_VALUE})
    void theNumberOfShardsIsAPowerOfTwo(int shards) {
        map = ShardMap.getDefaultInstance();
        refuse(
                MapChanges.create(shards),
                "The number of shards is " + shards + ", but must be a power of two from 1 to 16384.");
    }

    @Test
    void aMapNeedsAnIdAndARootGroup() {
        map = ShardMap.getDefaultInstance();
        MapChange.CreateMap create = MapChanges.create(8).getCreate();
        refuse(
                MapChange.newBuilder()
                        .setCreate(create.toBuilder().setClusterId(""))
                        .build(),
                "The cluster's id must have 1 to 253 characters.");
        refuse(
                MapChange.newBuilder()
                        .setCreate(create.toBuilder().setRoot(Group.newBuilder().setId(2)))
                        .build(),
                "The root group must have the id 1, not 2.");
        refuse(
                MapChange.newBuilder()
                        .setCreate(create.toBuilder().setRoot(Group.newBuilder().setId(1)))
                        .build(),
                "Group 1 needs at least one member.");
    }

    @Test
    void withoutAMapNothingElseIsDone() {
        map = ShardMap.getDefaultInstance();
        for (MapChange change : new MapChange[] {
            MapChanges.addGroup(2), MapChanges.startMove(0, 1, 2), MapChanges.decide(3, MoveState.ABORTED)
        }) {
            refuse(change, "This group has no shard map: send the change to the root group, once the map is created.");
        }
    }

    @Test
    void anEpochThatIsExpectedIsCompared() {
        MapChange change =
                MapChanges.addGroup(4).toBuilder().setExpectedEpoch(4).build();
        refuse(change, "The map is at epoch 5, not at 4: read it again.");
        accept(change.toBuilder().setExpectedEpoch(5).build());
    }

    @Test
    void aChangeWithoutContentIsRefused() {
        refuse(MapChange.getDefaultInstance(), "The request names no change that this version knows.");
    }

    @Test
    void groupIdsOnlyGoUp() {
        acceptAsRepeat(MapChanges.addGroup(3));
        refuse(MapChanges.addGroup(5), "The next group gets the id 4, not 5: ids only go up and are never used again.");
        refuse(MapChanges.addGroup(2), "The next group gets the id 4, not 2: ids only go up and are never used again.");
        accept(MapChanges.setState(3, GroupState.DRAINED));
        accept(MapChanges.removeGroup(3));
        refuse(MapChanges.addGroup(3), "The next group gets the id 4, not 3: ids only go up and are never used again.");
        accept(MapChanges.addGroup(4));
    }

    @Test
    void membersAreRecordedOnceBeforeAGroupIsFormedAndFollowItsChangesLater() {
        acceptAsRepeat(MapChanges.setMembers(2, "m2"));
        refuse(MapChanges.setMembers(3), "Group 3 needs at least one member.");
        refuse(MapChanges.setMembers(3, "a", "a"), "Member a is named twice.");
        refuse(MapChanges.setMembers(3, "m2"), "Member m2 belongs to group 2.");
        refuse(MapChanges.setMembers(3, ""), "A member of group 3 has no id.");
        refuse(MapChanges.setMembers(9, "a"), "There is no group 9.");
        MapChange withoutHost = MapChange.newBuilder()
                .setSetMembers(MapChange.SetGroupMembers.newBuilder()
                        .setGroupId(3)
                        .addMembers(Member.newBuilder().setId("a")))
                .build();
        refuse(withoutHost, "Member a has no host to announce to clients.");
        accept(MapChanges.setMembers(3, "a", "b"));
        acceptAsRepeat(MapChanges.setMembers(3, "b", "a"));
        refuse(
                MapChanges.setMembers(3, "a", "c"),
                "The members of group 3 are recorded already, and can't be others before it is formed.");
        accept(MapChanges.setState(3, GroupState.ACTIVE));
        assertThat(accept(MapChanges.setMembers(3, "a", "c")).getGroups(2).getMembersList())
                .extracting(Member::getId)
                .containsExactly("a", "c");
    }

    @Test
    void aGroupBecomesActiveOnlyWithMembers() {
        refuse(
                MapChanges.setState(3, GroupState.ACTIVE),
                "Group 3 can't become ACTIVE before its members are recorded.");
        accept(MapChanges.setMembers(3, "m3"));
        accept(MapChanges.setState(3, GroupState.ACTIVE));
        acceptAsRepeat(MapChanges.setState(3, GroupState.ACTIVE));
    }

    @ParameterizedTest
    @EnumSource(
            value = GroupState.class,
            names = {"JOINING", "GROUP_STATE_UNSPECIFIED"})
    void noGroupIsMadeToJoinAgain(GroupState state) {
        refuse(MapChanges.setState(2, state), "Group 2 can become ACTIVE, DRAINING or DRAINED, but not " + state + ".");
    }

    @Test
    void drainingIsReversible() {
        accept(MapChanges.setState(2, GroupState.DRAINING));
        accept(MapChanges.setState(2, GroupState.ACTIVE));
        accept(MapChanges.setState(2, GroupState.DRAINING));
        accept(MapChanges.setState(2, GroupState.DRAINED));
        refuse(MapChanges.setState(2, GroupState.DRAINING), "Group 2 is DRAINED already.");
        accept(MapChanges.setState(2, GroupState.ACTIVE));
    }

    @Test
    void theRootGroupStays() {
        refuse(MapChanges.setState(1, GroupState.DRAINING), "Group 1 keeps the shard map: it can't be drained.");
        refuse(MapChanges.setState(1, GroupState.DRAINED), "Group 1 keeps the shard map: it can't be drained.");
        refuse(MapChanges.removeGroup(1), "Group 1 keeps the shard map: it can't be removed.");
    }

    @Test
    void aGroupIsDrainedOnlyWithoutShardsAndMoves() {
        Move move = startMove();
        accept(MapChanges.setState(2, GroupState.DRAINING));
        refuse(
                MapChanges.setState(2, GroupState.DRAINED),
                "Group 2 still takes part in 1 moves: let them finish first.");
        accept(MapChanges.decide(move.getId(), MoveState.SWITCHED));
        refuse(MapChanges.setState(2, GroupState.DRAINED), "Group 2 still owns 1 shards: move them first.");
    }

    @Test
    void onlyADrainedGroupIsRemoved() {
        refuse(MapChanges.removeGroup(2), "Group 2 is ACTIVE: only a DRAINED group can be removed.");
        refuse(MapChanges.removeGroup(4), "There is no group 4.");
        accept(MapChanges.setState(2, GroupState.DRAINED));
        accept(MapChanges.removeGroup(2));
        assertThat(map.getGroupsList()).extracting(Group::getId).containsExactly(1, 3);
        acceptAsRepeat(MapChanges.removeGroup(2));
    }

    @Test
    void aMoveGoesFromTheOwnerToAnActiveGroup() {
        refuse(MapChanges.startMove(8, 1, 2), "There is no shard 8: shards are 0 to 7.");
        refuse(MapChanges.startMove(-1, 1, 2), "There is no shard -1: shards are 0 to 7.");
        refuse(MapChanges.startMove(0, 2, 1), "Shard 0 belongs to group 1, not to group 2.");
        refuse(MapChanges.startMove(0, 1, 1), "Shard 0 is with group 1 already.");
        refuse(MapChanges.startMove(0, 1, 3), "Group 3 is JOINING: only an ACTIVE group takes shards.");
        refuse(MapChanges.startMove(0, 1, 9), "There is no group 9.");
        accept(MapChanges.setState(2, GroupState.DRAINING));
        refuse(MapChanges.startMove(0, 1, 2), "Group 2 is DRAINING: only an ACTIVE group takes shards.");
    }

    @Test
    void aShardHasOneMoveAtATime() {
        Move move = startMove();
        assertThat(move.getId()).isEqualTo(map.getEpoch());
        acceptAsRepeat(MapChanges.startMove(0, 1, 2));
        accept(MapChanges.decide(move.getId(), MoveState.ABORTED));
        refuse(
                MapChanges.startMove(0, 1, 2),
                "Shard 0 has move 6 of shard 0 from group 1 to group 2 already: let it finish first.");
    }

    @Test
    void aSwitchChangesTheOwnerAndDecidesOnce() {
        Move move = startMove();
        assertThat(map.getOwner(0)).isEqualTo(1);
        accept(MapChanges.decide(move.getId(), MoveState.SWITCHED));
        assertThat(map.getOwner(0)).isEqualTo(2);
        assertThat(map.getMoves(0).getDecidedEpoch()).isEqualTo(map.getEpoch()).isEqualTo(7);
        acceptAsRepeat(MapChanges.decide(move.getId(), MoveState.SWITCHED));
        refuse(
                MapChanges.decide(move.getId(), MoveState.ABORTED),
                "Epoch 7 decided move 6 of shard 0 from group 1 to group 2 to be SWITCHED.");
        assertThat(map.getOwnerList().subList(1, 8)).containsOnly(1);
    }

    @Test
    void anAbortLeavesTheOwner() {
        Move move = startMove();
        accept(MapChanges.decide(move.getId(), MoveState.ABORTED));
        assertThat(map.getOwner(0)).isEqualTo(1);
        refuse(
                MapChanges.decide(move.getId(), MoveState.SWITCHED),
                "Epoch 7 decided move 6 of shard 0 from group 1 to group 2 to be ABORTED.");
    }

    @Test
    void aDecisionIsOneOfTwoAndOnAMoveThatIsThere() {
        Move move = startMove();
        refuse(
                MapChanges.decide(move.getId(), MoveState.COPYING),
                "A move can be decided to be SWITCHED or ABORTED, not COPYING.");
        refuse(MapChanges.decide(99, MoveState.ABORTED), "There is no move 99, or it is finished.");
    }

    @Test
    void theTargetOfASwitchIsDoneFirst() {
        Move move = startMove();
        refuse(
                MapChanges.finish(move.getId(), true),
                "Nobody is done with move 6 of shard 0 from group 1 to group 2 before it is decided.");
        accept(MapChanges.decide(move.getId(), MoveState.SWITCHED));
        refuse(
                MapChanges.finish(move.getId(), false),
                "The source can't be done with move 6 of shard 0 from group 1 to group 2 before its target has adopted the shard.");
        accept(MapChanges.finish(move.getId(), true));
        acceptAsRepeat(MapChanges.finish(move.getId(), true));
        accept(MapChanges.finish(move.getId(), false));
        assertThat(map.getMovesList()).isEmpty();
        acceptAsRepeat(MapChanges.finish(move.getId(), false));
        refuse(MapChanges.finish(99, true), "There never was a move 99.");
        refuse(MapChanges.finish(0, true), "There never was a move 0.");
    }

    @Test
    void bothSidesOfAnAbortAreDoneInAnyOrder() {
        Move move = startMove();
        accept(MapChanges.decide(move.getId(), MoveState.ABORTED));
        accept(MapChanges.finish(move.getId(), false));
        accept(MapChanges.finish(move.getId(), true));
        assertThat(map.getMovesList()).isEmpty();
        startMove();
    }
}
