package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.E;
import static dev.quorate.raft.TestMember.ELECTION_TICKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Message.RequestVote;
import dev.quorate.raft.Message.TimeoutNow;
import dev.quorate.raft.Raft.Proposal;
import dev.quorate.raft.RaftStatus.Role;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Handing leadership over (§3.10 of the dissertation). */
class LeadershipTransferTest {
    @Test
    void aTargetThatIsCaughtUpIsToldAtOnce() {
        TestMember leader = leader();
        leader.raft.transferLeadership(B);
        assertThat(leader.run().sent()).containsExactly(new TimeoutNow(A, B, 2));
    }

    @Test
    void aTargetThatLagsIsBroughtUpFirst() {
        TestMember leader = leader();
        leader.propose("x");
        leader.run().sent();
        leader.raft.transferLeadership(B);
        assertThat(leader.run().sent(TimeoutNow.class)).isEmpty();
        leader.acknowledge(B);
        assertThat(leader.sent(TimeoutNow.class)).containsExactly(new TimeoutNow(A, B, 2));
    }

    @Test
    void meanwhileProposalsAreAnsweredBusy() {
        TestMember leader = leader();
        leader.raft.transferLeadership(B);
        assertThat(leader.propose("x")).isEqualTo(new Proposal.Busy());
        assertThat(leader.status().lastIndex()).isEqualTo(1);
    }

    @Test
    void proposalsDoNotWaitForATargetThatIsFarBehind() {
        TestMember leader = TestMember.of(List.of(A, B, C), 1).elect(C);
        leader.raft.transferLeadership(B);
        assertThat(leader.propose("x")).isInstanceOf(Proposal.Accepted.class);
        leader.step(leader.success(B, 1, 0)).run();
        assertThat(leader.propose("y")).isEqualTo(new Proposal.Busy());
        assertThat(leader.status().handingOver()).isTrue();
        leader.acknowledge(B);
        assertThat(leader.sent(TimeoutNow.class)).hasSize(1);
    }

    @Test
    void afterAnElectionTimeOutItIsGivenUp() {
        TestMember leader = leader();
        leader.raft.transferLeadership(B);
        leader.tick(ELECTION_TICKS - 1).acknowledge(B, C);
        assertThat(leader.propose("x")).isEqualTo(new Proposal.Busy());
        leader.tick(1);
        assertThat(leader.propose("x")).isInstanceOf(Proposal.Accepted.class);
    }

    @Test
    void onlyAnotherVoterCanBeTheTarget() {
        Membership membership = new Membership(Set.of(A, B), Set.of(), Set.of(C));
        TestMember leader =
                new TestMember(TestMember.config(), new HardState(1, null), membership, new MemoryLog(), 0).elect(B);
        leader.raft.transferLeadership(A);
        leader.raft.transferLeadership(C);
        leader.raft.transferLeadership(E);
        assertThat(leader.run().sent()).isEmpty();
        assertThat(leader.propose("x")).isInstanceOf(Proposal.Accepted.class);
    }

    @Test
    void aFollowerHasNothingToHandOver() {
        TestMember member = TestMember.follower();
        member.raft.transferLeadership(B);
        assertThat(member.run().sent()).isEmpty();
    }

    @Test
    void theTargetCampaignsAtOnceAndPassesTheLease() {
        TestMember member = TestMember.follower();
        member.step(TestMember.append(1, 0, 0, 0)).run().sent();
        member.step(new TimeoutNow(B, A, 1)).run();
        assertThat(member.status().role()).isEqualTo(Role.CANDIDATE);
        assertThat(member.sent(RequestVote.class))
                .containsExactly(
                        new RequestVote(A, B, 2, 0, 0, false, true), new RequestVote(A, C, 2, 0, 0, false, true));
    }

    @Test
    void anOrderOfAnEarlierTermIsIgnored() {
        TestMember member = TestMember.of(List.of(A, B, C), 3);
        member.step(new TimeoutNow(B, A, 2)).run();
        assertThat(member.status().role()).isEqualTo(Role.FOLLOWER);
    }

    private static TestMember leader() {
        return TestMember.of(List.of(A, B, C), 1).elect(B, C);
    }

    @Test
    void whoVotesForTheOneThatIsToTakeOverNamesItUntilALeaderIsHeardOf() {
        TestMember leader = leader();
        leader.step(new RequestVote(B, A, 3, leader.status().lastIndex(), 2, false, true));
        assertThat(leader.status().role()).isEqualTo(Role.FOLLOWER);
        assertThat(leader.status().leader()).isNull();
        assertThat(leader.status().heir()).isEqualTo(B);
        leader.step(TestMember.append(3, 0, 0, 0));
        assertThat(leader.status().leader()).isEqualTo(B);
        assertThat(leader.status().heir()).isNull();
    }

    @Test
    void anHeirThatIsNotHeardOfIsNamedNoMore() {
        TestMember leader = leader();
        leader.step(new RequestVote(B, A, 3, leader.status().lastIndex(), 2, false, true));
        leader.tick(TestMember.HEARTBEAT_TICKS - 1);
        assertThat(leader.status().heir()).isEqualTo(B);
        assertThat(leader.raft.ticksUntilAction()).isEqualTo(1);
        leader.tick(1);
        assertThat(leader.status().heir()).isNull();
    }

    @Test
    void anHeirWhoseConnectionBreaksIsNamedNoMore() {
        TestMember leader = leader();
        leader.step(new RequestVote(B, A, 3, leader.status().lastIndex(), 2, false, true));
        leader.raft.connectionLost(B);
        assertThat(leader.status().heir()).isNull();
    }
}
