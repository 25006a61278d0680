package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.D;
import static dev.quorate.raft.TestMember.E;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.AppendResponse;
import dev.quorate.raft.Raft.Proposal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules for leaders (figure 2). */
class LeaderTest {
    @Test
    void uponElectionItSendsAnEmptyEntryToEverybody() {
        TestMember member = TestMember.of(List.of(A, B, C), 1, 1);
        member.tick(TestMember.ELECTION_TICKS).run();
        member.step(new Message.VoteResponse(B, A, 2, true, true)).run();
        member.sent();
        member.step(new Message.VoteResponse(B, A, 2, true, false)).run();
        Entry empty = new Entry(2, 2, Entry.Type.EMPTY, new byte[0]);
        assertThat(member.sent())
                .containsExactly(
                        new AppendEntries(A, B, 2, 1, 1, List.of(empty), 0, 0),
                        new AppendEntries(A, C, 2, 1, 1, List.of(empty), 0, 0));
    }

    @Test
    void itRepeatsHeartbeats() {
        TestMember leader = leaderOfThree();
        assertThat(leader.tick(TestMember.HEARTBEAT_TICKS - 1).run().sent()).isEmpty();
        List<AppendEntries> heartbeats = leader.tick(1).run().sent(AppendEntries.class);
        assertThat(heartbeats).extracting(AppendEntries::to).containsExactly(B, C);
        assertThat(heartbeats).allMatch(append -> append.entries().isEmpty());
    }

    @Test
    void itAppendsProposalsAndAnswersWithTheirPlace() {
        TestMember leader = leaderOfThree();
        assertThat(leader.propose("x", "y")).isEqualTo(new Proposal.Accepted(2, 2));
        leader.run();
        assertThat(leader.logTerms()).containsExactly(2L, 2L, 2L);
        assertThat(leader.sentTo(B, AppendEntries.class))
                .singleElement()
                .satisfies(append ->
                        assertThat(append.entries()).extracting(Entry::index).containsExactly(2L, 3L));
    }

    @Test
    void proposalsBetweenTwoReadiesShareAMessage() {
        TestMember leader = leaderOfThree();
        leader.propose("x");
        leader.propose("y");
        assertThat(leader.run().sentTo(B, AppendEntries.class)).hasSize(1);
    }

    @Test
    void itCommitsWhatAMajorityHolds() {
        TestMember leader = TestMember.of(List.of(A, B, C, D, E), 1).elect(B, C);
        leader.propose("x");
        leader.run();
        leader.step(leader.success(B, 2, 0)).run();
        assertThat(leader.appliedIndexes()).containsExactly(1L);
        leader.step(leader.success(D, 2, 0)).run();
        assertThat(leader.appliedIndexes()).containsExactly(1L, 2L);
    }

    @Test
    void theSameAnswerTwiceIsNoMajority() {
        TestMember leader = TestMember.of(List.of(A, B, C, D, E), 1).elect(B, C);
        leader.propose("x");
        leader.run();
        leader.step(leader.success(B, 2, 0)).step(leader.success(B, 2, 0)).run();
        assertThat(leader.appliedIndexes()).containsExactly(1L);
    }

    @Test
    void itCommitsEntriesOfEarlierTermsOnlyWithOneOfItsOwn() {
        // Figure 8: entry 2 is of an earlier term, and a majority that holds it is not enough.
        TestMember leader = TestMember.of(List.of(A, B, C), 3, 1, 2);
        leader.tick(TestMember.ELECTION_TICKS).run();
        leader.step(new Message.VoteResponse(B, A, 4, true, true)).run();
        leader.step(new Message.VoteResponse(B, A, 4, true, false)).run();
        leader.step(leader.success(B, 2, 0)).run();
        assertThat(leader.status().commitIndex()).isZero();
        leader.step(leader.success(B, 3, 0)).run();
        assertThat(leader.appliedIndexes()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aRefusalSendsItBackByTerms() {
        TestMember leader = TestMember.of(List.of(A, B, C), 4, 1, 1, 1, 4, 4, 4).elect(C);
        leader.step(leader.refusal(B, 6, 5, 2)).run();
        assertThat(leader.sentTo(B, AppendEntries.class))
                .singleElement()
                .satisfies(append -> assertThat(append.prevLogIndex()).isEqualTo(3));
    }

    @Test
    void aLateRefusalChangesNothing() {
        TestMember leader = leaderOfThree();
        leader.step(leader.refusal(B, 0, 0, 0)).run();
        assertThat(leader.sent()).isEmpty();
        assertThat(leader.status().progress().get(B).nextIndex()).isEqualTo(2);
    }

    @Test
    void itTellsFollowersTheCommit() {
        TestMember leader = leaderOfThree();
        leader.propose("x");
        leader.run().sent();
        leader.acknowledge(B);
        assertThat(leader.sentTo(B, AppendEntries.class))
                .singleElement()
                .satisfies(append -> assertThat(append.leaderCommit()).isEqualTo(2));
    }

    @Test
    void aLaterTermMakesItAFollower() {
        TestMember leader = leaderOfThree();
        leader.step(new AppendResponse(B, A, 7, false, 1, 0, 0, 0)).run();
        assertThat(leader.status().role()).isEqualTo(RaftStatus.Role.FOLLOWER);
        assertThat(leader.hardState).isEqualTo(new HardState(7, null));
        assertThat(leader.propose("x")).isEqualTo(new Proposal.NotLeader(null));
    }

    @Test
    void strangersDoNotCount() {
        TestMember leader = leaderOfThree();
        leader.propose("x");
        leader.run();
        leader.step(leader.success(E, 2, 0)).run();
        assertThat(leader.status().commitIndex()).isEqualTo(1);
    }

    @Test
    void aFollowerAheadOfItsLeaderIsAViolation() {
        TestMember leader = leaderOfThree();
        assertThatThrownBy(() -> leader.step(leader.success(B, 9, 0))).isInstanceOf(InvariantViolation.class);
    }

    private static TestMember leaderOfThree() {
        return TestMember.of(List.of(A, B, C), 1).elect(B, C);
    }
}
