package dev.quorate.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Group;
import dev.quorate.api.GroupState;
import dev.quorate.api.Member;
import dev.quorate.api.Move;
import dev.quorate.api.MoveState;
import dev.quorate.api.NodeDescription;
import dev.quorate.api.ShardInfo;
import dev.quorate.api.ShardMap;
import dev.quorate.control.MapRebuild.Outcome;
import dev.quorate.control.MapRebuild.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What becomes of every shard when the map is lost. */
class MapRebuildTest {
    private static final long GENERATION = 1000;
    private static final List<Member> ROOT = List.of(member("r"));

    private final TreeMap<Integer, NodeDescription> leaders = new TreeMap<>();
    private final List<NodeDescription> nodes = new ArrayList<>();
    private final List<Move> moves = new ArrayList<>();

    @Test
    void aShardIsItsOwners() {
        say(2, info(0, "OWNED", 0, 0), info(1, "RELEASED", 7, 0));
        say(3, info(1, "OWNED", 7, 7));
        Outcome.Rebuilt rebuilt = rebuilt(2);
        assertThat(rebuilt.map().getOwnerList()).containsExactly(2, 3);
        assertThat(rebuilt.map().getEpoch()).isEqualTo(GENERATION + 1);
        assertThat(rebuilt.map().getNextGroupId()).isEqualTo(9);
        assertThat(rebuilt.map().getGroupsList()).extracting(Group::getId).containsExactly(1, 2, 3);
        assertThat(rebuilt.map().getGroups(0).getMembersList()).isEqualTo(ROOT);
        assertThat(rebuilt.settlements()).isEmpty();
        assertThat(rebuilt.lost()).isEmpty();
    }

    @Test
    void aShardThatWasBeingCopiedStaysWhereItWas() {
        say(2, info(0, "EXPORTING", 7, 0), info(1, "FROZEN", 8, 0));
        say(3, info(0, "IMPORTING", 7, 7), info(1, "IMPORTING", 8, 8));
        Outcome.Rebuilt rebuilt = rebuilt(2);
        assertThat(rebuilt.map().getOwnerList()).containsExactly(2, 2);
        assertThat(rebuilt.settlements())
                .containsExactly(
                        new Settlement(2, 0, 0),
                        new Settlement(3, 0, 2),
                        new Settlement(2, 1, 0),
                        new Settlement(3, 1, 2));
    }

    @Test
    void aShardThatWasAdoptedIsGoneFromWhereItIsStillFrozen() {
        say(2, info(0, "FROZEN", 7, 0));
        say(3, info(0, "OWNED", 7, 7));
        Outcome.Rebuilt rebuilt = rebuilt(1);
        assertThat(rebuilt.map().getOwnerList()).containsExactly(3);
        assertThat(rebuilt.settlements()).containsExactly(new Settlement(2, 0, 3));
    }

    @Test
    void whereTwoClaimOneShardItIsRefused() {
        say(2, info(0, "OWNED", 5, 5));
        say(3, info(0, "OWNED", 7, 7));
        assertThat(refused(1)).singleElement().asString().contains("shard 0 is claimed by groups [2, 3]");
        say(3, info(0, "FROZEN", 9, 0));
        assertThat(refused(1)).singleElement().asString().contains("shard 0 is claimed by groups [2, 3]");
    }

    @Test
    void aGroupThatCannotBeAskedIsNamed() {
        say(2, info(0, "OWNED", 0, 0));
        assertThat(refused(1)).singleElement().asString().contains("group 3 has no leader that answers");
    }

    @Test
    void aGroupThatOnlyItsOwnFollowersKnowOfIsNamed() {
        say(2, info(0, "OWNED", 0, 0));
        say(3);
        nodes.add(
                NodeDescription.newBuilder().setGroupId(4).setBootstrapped(true).build());
        assertThat(refused(1)).singleElement().asString().contains("group 4 has no leader that answers");
    }

    @Test
    void aShardGivenToAGroupThatTheNewestCopyMayNotKnowIsNotLost() {
        say(2, info(0, "RELEASED", 70, 0));
        say(3);
        assertThat(refused(1)).singleElement().asString().contains("given away by move 70", "epoch 60");
        say(3, info(0, "OWNED", 70, 70));
        assertThat(rebuilt(1).map().getOwnerList()).containsExactly(3);
    }

    @Test
    void whatWasGivenToTheRootGroupIsLost() {
        say(2, info(0, "RELEASED", 50, 0), info(1, "RELEASED", 60 + 1_000_000, 0));
        say(3);
        assertThat(rebuilt(2).lost()).containsExactly(0, 1);
    }

    @Test
    void whatNobodyHasIsLostAndTheRootGroups() {
        say(2, info(0, "OWNED", 0, 0));
        say(3, info(1, "IMPORTING", 7, 7));
        Outcome.Rebuilt rebuilt = rebuilt(3);
        assertThat(rebuilt.lost()).containsExactly(1, 2);
        assertThat(rebuilt.map().getOwnerList()).containsExactly(2, 1, 1);
        assertThat(rebuilt.settlements()).containsExactly(new Settlement(3, 1, 1));
    }

    @Test
    void whatTheLostGroupHadHandedOverInFullIsKeptWhereItArrived() {
        say(2, arrived(0, 70), info(1, "IMPORTING", 71, 71));
        say(3);
        Outcome.Rebuilt rebuilt = rebuilt(2);
        assertThat(rebuilt.map().getOwnerList()).containsExactly(2, 1);
        assertThat(rebuilt.lost()).containsExactly(1);
        assertThat(rebuilt.settlements()).containsExactly(new Settlement(2, 0, 0), new Settlement(2, 1, 1));
    }

    @Test
    void whatItsSourceHasLetGoOfIsKeptByTheGroupThatWasToAdoptIt() {
        say(2, info(0, "RELEASED", 70, 0));
        say(3, arrived(0, 70));
        assertThat(rebuilt(1).map().getOwnerList()).containsExactly(3);
    }

    @Test
    void whatArrivedStaysWithItsSourceAsLongAsThatOneHasIt() {
        say(2, info(0, "FROZEN", 70, 0));
        say(3, arrived(0, 70));
        assertThat(rebuilt(1).settlements()).containsExactly(new Settlement(2, 0, 0), new Settlement(3, 0, 2));
    }

    @Test
    void whatArrivedInTwoGroupsIsRefused() {
        say(2, arrived(0, 70));
        say(3, arrived(0, 71));
        assertThat(refused(1)).singleElement().asString().contains("shard 0 is claimed by groups [2, 3]");
    }

    @Test
    void whatArrivedByAMoveThatWasCalledOffIsNotKeptForTheLostGroupWroteOn() {
        say(2, arrived(0, 50));
        say(3);
        assertThat(rebuilt(1).lost()).as("the move was over at epoch 60").containsExactly(0);
        moves.add(Move.newBuilder().setId(50).setState(MoveState.ABORTED).build());
        assertThat(rebuilt(1).lost()).containsExactly(0);
        moves.set(0, Move.newBuilder().setId(50).setState(MoveState.COPYING).build());
        assertThat(rebuilt(1).lost()).isEmpty();
        moves.set(0, Move.newBuilder().setId(50).setState(MoveState.SWITCHED).build());
        assertThat(rebuilt(1).map().getOwnerList()).containsExactly(2);
    }

    @Test
    void aGenerationIsAboveAllThatAnybodyHasHeardOf() {
        say(2, info(0, "FROZEN", 70, 0));
        say(3, info(0, "IMPORTING", 70, 70));
        assertThat(MapRebuild.generation(leaders.values(), newest(1))).isGreaterThan(70);
        NodeDescription later =
                NodeDescription.newBuilder().setGeneration(5_000_000).build();
        assertThat(MapRebuild.generation(List.of(later), newest(1))).isGreaterThan(5_000_000);
    }

    private Outcome.Rebuilt rebuilt(int shards) {
        return (Outcome.Rebuilt) MapRebuild.rebuild(newest(shards), nodes, leaders, ROOT, GENERATION);
    }

    private List<String> refused(int shards) {
        return ((Outcome.Refused) MapRebuild.rebuild(newest(shards), nodes, leaders, ROOT, GENERATION)).reasons();
    }

    private void say(int group, ShardInfo... shards) {
        leaders.put(
                group,
                NodeDescription.newBuilder()
                        .setGroupId(group)
                        .addMembers(member("m" + group))
                        .addAllShards(List.of(shards))
                        .build());
    }

    private ShardMap newest(int shards) {
        ShardMap.Builder map = ShardMap.newBuilder()
                .setClusterId("c")
                .setEpoch(60)
                .setShardCount(shards)
                .setNextGroupId(9)
                .addAllMoves(moves);
        for (int id = 1; id <= 3; id++) {
            map.addGroups(
                    Group.newBuilder().setId(id).setState(GroupState.ACTIVE).addMembers(member("m" + id)));
        }
        return map.build();
    }

    private static Member member(String id) {
        return Member.newBuilder().setId(id).setName(id + "-0").setHost("h").build();
    }

    private static ShardInfo arrived(int shard, long moveId) {
        return info(shard, "IMPORTING", moveId, moveId).toBuilder()
                .setImportComplete(true)
                .build();
    }

    private static ShardInfo info(int shard, String state, long moveId, long incarnation) {
        return ShardInfo.newBuilder()
                .setShard(shard)
                .setState(state)
                .setMoveId(moveId)
                .setIncarnation(incarnation)
                .build();
    }
}
