package dev.quorate.server.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.quorate.api.Error;
import dev.quorate.api.Member;
import dev.quorate.api.ShardMap;
import dev.quorate.server.requests.Ownership.Verdict;
import dev.quorate.store.proto.ShardRecord;
import dev.quorate.store.proto.ShardRecord.State;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 6: a redirect goes only to a higher epoch than the state that made the group not the owner; else requests wait. */
class OwnershipTest {
    private static final int OWN = 1;
    private static final int OTHER = 2;
    private static final Member LEADER = Member.newBuilder().setName("leader").build();
    private static final IntFunction<Member> CONTACT =
            group -> Member.newBuilder().setName("group" + group).build();

    private static ShardMap map(long epoch, int owner) {
        return ShardMap.newBuilder()
                .setEpoch(epoch)
                .setShardCount(1)
                .addOwner(owner)
                .build();
    }

    private static ShardRecord record(State state, long moveId, long epoch, int peerGroup) {
        return ShardRecord.newBuilder()
                .setState(state)
                .setMoveId(moveId)
                .setEpoch(epoch)
                .setPeerGroup(peerGroup)
                .build();
    }

    private static Verdict asLeader(ShardRecord record, ShardMap map) {
        return Ownership.judge(0, OWN, true, LEADER, record, map, CONTACT);
    }

    private static Verdict asFollower(ShardRecord record, ShardMap map, Member leader) {
        return Ownership.judge(0, OWN, false, leader, record, map, CONTACT);
    }

    private static void assertRedirects(Verdict verdict, int group, long epoch) {
        assertThat(verdict).asInstanceOf(type(Verdict.Refuse.class)).satisfies(refuse -> {
            Error error = refuse.error().error();
            assertThat(error.getCode()).isEqualTo(Error.Code.WRONG_GROUP);
            assertThat(error.getOwnerGroup()).isEqualTo(group);
            assertThat(error.getEpoch()).isEqualTo(epoch);
            assertThat(error.getLeader()).isEqualTo(CONTACT.apply(group));
        });
    }

    private static void assertRefused(Verdict verdict, Error.Code code) {
        assertThat(verdict)
                .asInstanceOf(type(Verdict.Refuse.class))
                .satisfies(
                        refuse -> assertThat(refuse.error().error().getCode()).isEqualTo(code));
    }

    @Test
    void theLeaderOfTheOwnerServesWhateverItsCopyOfTheMapSays() {
        ShardRecord owned = record(State.OWNED, 3, 5, 0);
        assertThat(asLeader(owned, map(9, OWN))).isEqualTo(new Verdict.Serve());
        assertThat(asLeader(owned, map(2, OTHER))).isEqualTo(new Verdict.Serve());
    }

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"FROZEN", "IMPORTING"})
    void aShardBetweenGroupsIsHeld(State state) {
        assertThat(asLeader(record(state, 7, 0, OTHER), map(7, OTHER))).isEqualTo(new Verdict.Hold());
        assertThat(asLeader(record(state, 7, 0, OTHER), map(99, OTHER))).isEqualTo(new Verdict.Hold());
    }

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"OWNED", "FROZEN", "IMPORTING"})
    void aFollowerNamesTheLeaderAndWaitsWhileThereIsNone(State state) {
        ShardRecord record = record(state, 7, 7, OTHER);
        assertRefused(asFollower(record, map(9, OTHER), LEADER), Error.Code.NOT_LEADER);
        assertThat(asFollower(record, map(9, OTHER), null)).isEqualTo(new Verdict.Hold());
    }

    @Test
    void aReleasedShardIsRedirectedAtTheEpochOfItsReleaseEvenByAnOldMap() {
        ShardRecord released = record(State.RELEASED, 7, 8, OTHER);
        assertRedirects(asLeader(released, map(3, OWN)), OTHER, 8);
        assertRedirects(asLeader(released, map(8, OTHER)), OTHER, 8);
        assertRedirects(asLeader(released, map(12, 3)), 3, 12);
        assertRedirects(asFollower(released, map(3, OWN), null), OTHER, 8);
    }

    @Test
    void aShardThatIsOnItsWayBackIsHeld() {
        ShardRecord released = record(State.RELEASED, 7, 8, OTHER);
        assertThat(asLeader(released, map(12, OWN))).isEqualTo(new Verdict.Hold());
    }

    @Test
    void aShardThatWasNeverHereIsRedirectedByTheMap() {
        assertRedirects(asLeader(ShardRecord.getDefaultInstance(), map(2, OTHER)), OTHER, 2);
    }

    @Test
    void aPurgedShardIsRedirectedOnlyByAMapThatIsNewerThanTheMove() {
        ShardRecord purged = record(State.NONE, 7, 0, 0);
        assertThat(asLeader(purged, map(7, OWN))).isEqualTo(new Verdict.Hold());
        assertThat(asLeader(purged, map(6, 3))).isEqualTo(new Verdict.Hold());
        assertRedirects(asLeader(purged, map(8, OTHER)), OTHER, 8);
    }

    @Test
    void anOwnerThatNobodyKnowsAMemberOfIsWaitedFor() {
        Verdict verdict =
                Ownership.judge(0, OWN, true, LEADER, ShardRecord.getDefaultInstance(), map(2, OTHER), _ -> null);
        assertThat(verdict).isEqualTo(new Verdict.Hold());
    }

    @Test
    void aFollowerWithoutAMapNamesTheLeaderWhichMayHaveOne() {
        ShardRecord none = ShardRecord.getDefaultInstance();
        assertRefused(asFollower(none, ShardMap.getDefaultInstance(), LEADER), Error.Code.NOT_LEADER);
        assertRefused(asFollower(none, ShardMap.getDefaultInstance(), null), Error.Code.NOT_READY);
    }

    @Test
    void withoutAMapNothingIsReadyAndBeyondItNothingIsValid() {
        assertRefused(asLeader(ShardRecord.getDefaultInstance(), ShardMap.getDefaultInstance()), Error.Code.NOT_READY);
        assertRefused(
                Ownership.judge(1, OWN, true, LEADER, ShardRecord.getDefaultInstance(), map(2, OWN), CONTACT),
                Error.Code.INVALID);
    }
}
