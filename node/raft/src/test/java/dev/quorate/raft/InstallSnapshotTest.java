package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.D;
import static dev.quorate.raft.TestMember.ELECTION_TICKS;
import static dev.quorate.raft.TestMember.append;
import static dev.quorate.raft.TestMember.requestVote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.AppendResponse;
import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.raft.Message.VoteResponse;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** InstallSnapshot, receiver's rules (figure 13), with the data carried by the driver. */
class InstallSnapshotTest {
    private static final List<UUID> VOTERS = List.of(A, B, C);
    private static final Membership MEMBERSHIP = Membership.ofVoters(Set.of(A, B, C, D));

    @Test
    void rule1_refusesAnEarlierTermAndTellsItsOwn() {
        TestMember member = TestMember.of(VOTERS, 5);
        member.step(snapshot(4, 9, 4)).run();
        assertThat(member.sent()).containsExactly(new AppendResponse(A, B, 5, false, 0, 0, 0, 0));
        assertThat(member.status().lastIndex()).isZero();
    }

    @Test
    void rule7_replacesTheWholeLog() {
        TestMember member = TestMember.of(VOTERS, 3, 1, 1, 2);
        member.step(snapshot(3, 9, 3)).run();
        assertThat(member.status().firstIndex()).isEqualTo(10);
        assertThat(member.status().lastIndex()).isEqualTo(9);
        assertThat(member.status().commitIndex()).isEqualTo(9);
        assertThat(member.applied).isEmpty();
    }

    @Test
    void rule8_takesOverTheMembership() {
        TestMember member = TestMember.of(VOTERS, 3);
        member.step(snapshot(3, 9, 3)).run();
        assertThat(member.status().membership()).isEqualTo(MEMBERSHIP);
    }

    @Test
    void rule6_keepsALogThatHasItsLastEntry() {
        TestMember member = TestMember.of(VOTERS, 3, 1, 3, 3);
        Ready ready = member.step(snapshot(3, 2, 3)).takeReady();
        member.persistAll();
        assertThat(ready.snapshot()).isNull();
        assertThat(member.logTerms()).containsExactly(1L, 3L, 3L);
        assertThat(member.run().appliedIndexes()).containsExactly(1L, 2L);
    }

    @Test
    void anOldSnapshotIsAnsweredByTheCommit() {
        TestMember member = TestMember.of(VOTERS, 3, 1, 3, 3);
        member.step(append(3, 3, 3, 3)).run().sent();
        member.step(snapshot(3, 2, 3)).run();
        assertThat(member.sent()).containsExactly(new AppendResponse(A, B, 3, true, 3, 0, 0, 0));
        assertThat(member.logTerms()).hasSize(3);
    }

    @Test
    void theAnswerWaitsForTheDisk() {
        TestMember member = TestMember.of(VOTERS, 3);
        Ready ready = member.step(snapshot(3, 9, 3)).takeReady();
        assertThat(ready.snapshot()).isEqualTo(new SnapshotMeta(9, 3, MEMBERSHIP));
        assertThat(ready.messages()).isEmpty();
        assertThat(ready.messagesAfterPersist()).containsExactly(new AppendResponse(A, B, 3, true, 9, 0, 0, 0));
    }

    @Test
    void entriesThatFollowArePersistedWithIt() {
        TestMember member = TestMember.of(VOTERS, 3, 1, 1);
        member.step(snapshot(3, 9, 3)).step(append(3, 9, 3, 10, 3));
        Ready ready = member.takeReady();
        assertThat(ready.snapshot()).isNotNull();
        assertThat(ready.entries()).extracting(Entry::index).containsExactly(10L);
        assertThat(ready.committed()).isEmpty();
        member.persistAll();
        assertThat(member.run().appliedIndexes()).containsExactly(10L);
    }

    @Test
    void whileItIsInstalledNothingIsReadFromTheLogItReplaces() {
        TestMember member = TestMember.of(VOTERS, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        member.step(snapshot(3, 9, 3)).takeReady();
        member.step(append(3, 10, 3, 0)).takeReady();
        assertThat(member.sent(AppendResponse.class)).singleElement().satisfies(response -> {
            assertThat(response.success()).isFalse();
            assertThat(response.hintIndex()).isEqualTo(9);
            assertThat(response.hintTerm()).isEqualTo(3);
        });
    }

    @Test
    void whileItIsInstalledTheMemberDoesNotCampaign() {
        TestMember member = TestMember.of(VOTERS, 3);
        member.step(snapshot(3, 9, 3)).takeReady();
        member.tick(ELECTION_TICKS);
        assertThat(member.status().role()).isEqualTo(RaftStatus.Role.FOLLOWER);
        member.persistAll();
        member.tick(ELECTION_TICKS);
        assertThat(member.status().role()).isEqualTo(RaftStatus.Role.PRE_CANDIDATE);
    }

    @Test
    void whileItIsInstalledNothingOfItIsAcknowledged() {
        TestMember member = TestMember.of(VOTERS, 3);
        member.step(snapshot(3, 9, 3)).takeReady();
        member.step(append(3, 9, 3, 9)).takeReady();
        assertThat(member.sent()).containsExactly(new AppendResponse(A, B, 3, true, 0, 0, 0, 0));
    }

    @Test
    void whileItIsInstalledTheMemberVotesOnceItsLeaderIsSilent() {
        TestMember member = TestMember.of(VOTERS, 3);
        member.step(snapshot(3, 9, 3)).takeReady();
        member.tick(ELECTION_TICKS - 1).step(requestVote(C, 4, 9, 3));
        assertThat(member.status().term()).as("the leader was heard of lately").isEqualTo(3);
        member.tick(1).step(requestVote(C, 4, 9, 3));
        assertThat(member.status().leader()).isNull();
        assertThat(member.takeReady().messagesAfterPersist()).containsExactly(new VoteResponse(A, C, 4, true, false));
    }

    @Test
    void writesFromBeforeItSayNothingAboutWhatFollows() {
        TestMember member = TestMember.of(VOTERS, 3);
        member.step(append(3, 0, 0, 0, 3, 3, 3)).takeReady();
        member.step(snapshot(3, 2, 2)).takeReady();
        member.step(append(3, 2, 2, 3, 3)).takeReady();
        member.persistOne();
        assertThat(member.takeReady().committed()).isEmpty();
        member.persistAll();
        assertThat(member.run().appliedIndexes()).containsExactly(3L);
    }

    @Test
    void aLeaderSendsOneToWhomItsLogNoLongerReaches() {
        TestMember leader = compactedLeader();
        assertThat(leader.step(leader.refusal(C, 3, 0, 0)).run().sentTo(C, InstallSnapshot.class))
                .containsExactly(new InstallSnapshot(
                        A, C, 2, new SnapshotMeta(4, 2, leader.status().membership())));
        assertThat(leader.status().progress().get(C).snapshotting()).isTrue();
    }

    @Test
    void meanwhileItSendsHeartbeatsThatEveryLogAccepts() {
        TestMember leader = compactedLeader();
        leader.step(leader.refusal(C, 3, 0, 0)).run().sent();
        leader.propose("x");
        leader.tick(TestMember.HEARTBEAT_TICKS).run();
        assertThat(leader.sentTo(C, AppendEntries.class))
                .containsExactly(new AppendEntries(A, C, 2, 0, 0, List.of(), 4, 0));
    }

    @Test
    void whenItArrivedTheLogGoesOnBehindIt() {
        TestMember leader = compactedLeader();
        leader.step(leader.refusal(C, 3, 0, 0)).run();
        leader.propose("x");
        leader.run().sent();
        leader.step(leader.success(C, 4, 0)).run();
        assertThat(leader.sentTo(C, AppendEntries.class))
                .singleElement()
                .satisfies(append ->
                        assertThat(append.entries()).extracting(Entry::index).containsExactly(5L));
    }

    @Test
    void whileAMemberThatHadNothingInstallsItNoOtherIsSent() {
        TestMember leader = compactedLeader();
        leader.step(leader.refusal(C, 3, 0, 0)).run();
        assertThat(leader.sentTo(C, InstallSnapshot.class)).hasSize(1);
        leader.raft.reportSnapshot(C, true);
        assertNoOtherIsSentUntilItIsInstalled(leader, 0);
    }

    @Test
    void norToOneThatLastAcknowledgedTheLogBeforeIt() {
        TestMember leader = compactedLeader();
        leader.step(leader.success(C, 1, 0)).step(leader.refusal(C, 3, 1, 1)).run();
        assertThat(leader.sentTo(C, InstallSnapshot.class)).hasSize(1);
        leader.raft.reportSnapshot(C, true);
        assertNoOtherIsSentUntilItIsInstalled(leader, 1);
    }

    /** C answers some heartbeats by this index while it installs the snapshot of entry 4, then acknowledges that. */
    private static void assertNoOtherIsSentUntilItIsInstalled(TestMember leader, long acknowledgedIndex) {
        leader.propose("x");
        leader.run();
        for (int i = 0; i < 3; i++) {
            leader.tick(TestMember.HEARTBEAT_TICKS).run();
            leader.step(leader.success(B, 5, 0))
                    .step(leader.success(C, acknowledgedIndex, 0))
                    .run();
        }
        leader.step(leader.success(C, 4, 0)).run();
        List<Message> sent = leader.sent();
        assertThat(sent).doesNotHaveAnyElementsOfTypes(InstallSnapshot.class);
        assertThat(sent)
                .filteredOn(AppendEntries.class::isInstance)
                .map(AppendEntries.class::cast)
                .filteredOn(append -> append.to().equals(C))
                .extracting(AppendEntries::prevLogIndex)
                .containsOnly(4L);
        assertThat(leader.status().progress().get(C).nextIndex()).isEqualTo(6);
    }

    @Test
    void whenItFailedItIsTriedAgainAtASignOfLife() {
        TestMember leader = compactedLeader();
        leader.step(leader.refusal(C, 3, 0, 0)).run().sent();
        leader.raft.reportSnapshot(C, false);
        leader.tick(TestMember.HEARTBEAT_TICKS).run();
        assertThat(leader.sentTo(C, InstallSnapshot.class)).isEmpty();
        leader.step(leader.success(C, 0, 0)).run();
        assertThat(leader.sentTo(C, InstallSnapshot.class)).hasSize(1);
    }

    @Test
    void aMemberThatCommittedLessThanItHoldsIsSentOneAgainToo() {
        TestMember leader = compactedLeader();
        leader.step(leader.success(C, 1, 0)).step(leader.refusal(C, 3, 1, 1)).run();
        leader.raft.reportSnapshot(C, false);
        leader.run().sent();
        leader.step(leader.success(C, 0, 0)).run();
        assertThat(leader.sentTo(C, InstallSnapshot.class)).hasSize(1);
    }

    @Test
    void whoIsNotThereIsSentNone() {
        RaftConfig forgetful =
                new RaftConfig(A, ELECTION_TICKS, TestMember.HEARTBEAT_TICKS, 1 << 20, 256, 1, 1 << 20, 1 << 20);
        TestMember leader =
                TestMember.of(forgetful, VOTERS, new HardState(1, null)).elect(B, C);
        leader.propose("x", "y");
        leader.run().acknowledge(B);
        leader.log.compactTo(3);
        leader.tick(ELECTION_TICKS).acknowledge(B).tick(ELECTION_TICKS).sent();
        leader.raft.reportUnreachable(C);
        leader.propose("z");
        leader.run();
        assertThat(leader.sentTo(C, InstallSnapshot.class)).isEmpty();
        leader.step(leader.success(C, 1, 0)).run();
        assertThat(leader.sentTo(C, InstallSnapshot.class)).hasSize(1);
    }

    /** Leads term 2; its log starts with entry 4, the one of its election, since the three before are compacted. */
    private static TestMember compactedLeader() {
        MemoryLog log = MemoryLog.ofTerms(1, 1, 1);
        log.compactTo(3);
        return new TestMember(
                        TestMember.config(), new HardState(1, null), Membership.ofVoters(Set.copyOf(VOTERS)), log, 3)
                .elect(B);
    }

    private static InstallSnapshot snapshot(long term, long index, long snapshotTerm) {
        return new InstallSnapshot(B, A, term, new SnapshotMeta(index, snapshotTerm, MEMBERSHIP));
    }
}
