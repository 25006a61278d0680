package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.D;
import static dev.quorate.raft.TestMember.E;
import static dev.quorate.raft.TestMember.ELECTION_TICKS;
import static dev.quorate.raft.TestMember.append;
import static dev.quorate.raft.TestMember.requestVote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Message.AppendResponse;
import dev.quorate.raft.Message.RequestVote;
import dev.quorate.raft.Message.VoteResponse;
import dev.quorate.raft.RaftStatus.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Leaders need a majority that answers (§6.2 of the dissertation); followers hold to a leader that they hear (§4.2.3). */
class CheckQuorumTest {
    @Test
    void aLeaderWithoutAMajorityStepsDown() {
        TestMember leader = leaderOfFive();
        leader.tick(ELECTION_TICKS).run();
        leader.step(leader.success(B, 1, 0)).tick(ELECTION_TICKS).run();
        assertThat(leader.status().role()).isEqualTo(Role.FOLLOWER);
        assertThat(leader.status().term()).isEqualTo(2);
        assertThat(leader.status().leader()).isNull();
    }

    @Test
    void aLeaderWithAMajorityStays() {
        TestMember leader = leaderOfFive();
        for (int i = 0; i < 5; i++) {
            leader.step(leader.success(B, 1, 0)).step(leader.success(C, 1, 0));
            leader.tick(ELECTION_TICKS).run();
            assertThat(leader.status().role()).isEqualTo(Role.LEADER);
        }
    }

    @Test
    void refusalsAreSignsOfLifeToo() {
        TestMember leader = leaderOfFive();
        leader.tick(ELECTION_TICKS).run();
        leader.step(leader.refusal(B, 1, 0, 0)).step(leader.refusal(C, 1, 0, 0));
        leader.tick(ELECTION_TICKS).run();
        assertThat(leader.status().role()).isEqualTo(Role.LEADER);
    }

    @Test
    void aFollowerThatHearsItsLeaderIgnoresCandidates() {
        TestMember member = TestMember.follower();
        member.step(append(1, 0, 0, 0)).run().sent();
        member.tick(ELECTION_TICKS - 1);
        member.step(requestVote(C, 2, 9, 1))
                .step(new RequestVote(C, A, 2, 9, 1, true, false))
                .run();
        assertThat(member.sent()).isEmpty();
        assertThat(member.status().term()).isEqualTo(1);
    }

    @Test
    void aFollowerThatHearsNothingListensToThem() {
        TestMember member = TestMember.of(TestMember.config(), List.of(A, B, C, D, E), new HardState(1, null));
        member.step(append(1, 0, 0, 0)).run().sent();
        member.tick(ELECTION_TICKS).run().sent();
        member.step(requestVote(C, 2, 0, 0)).run();
        assertThat(member.sent()).containsExactly(new VoteResponse(A, C, 2, true, false));
    }

    @Test
    void aTransferPassesTheLease() {
        TestMember member = TestMember.follower();
        member.step(append(1, 0, 0, 0)).run().sent();
        member.step(new RequestVote(C, A, 2, 0, 0, false, true)).run();
        assertThat(member.sent()).containsExactly(new VoteResponse(A, C, 2, true, false));
    }

    @Test
    void aLeaderIgnoresCandidates() {
        TestMember leader = leaderOfFive();
        leader.step(requestVote(E, 9, 9, 8)).run();
        assertThat(leader.sent()).isEmpty();
        assertThat(leader.status().role()).isEqualTo(Role.LEADER);
    }

    @Test
    void aMemberThatIsAheadInTermGetsTheLeaderToStepDown() {
        // It cannot be elected against the lease of the others, and the leader cannot reach it: its answer ends the
        // deadlock.
        TestMember ahead = TestMember.of(List.of(A, B, C), 5);
        ahead.step(append(2, 0, 0, 0)).run();
        assertThat(ahead.sent()).containsExactly(new AppendResponse(A, B, 5, false, 0, 0, 0, 0));
    }

    private static TestMember leaderOfFive() {
        return TestMember.of(List.of(A, B, C, D, E), 1).elect(B, C);
    }
}
