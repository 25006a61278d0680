package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.ELECTION_TICKS;
import static dev.quorate.raft.TestMember.append;
import static dev.quorate.raft.TestMember.requestVote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Message.RequestVote;
import dev.quorate.raft.Message.VoteResponse;
import dev.quorate.raft.RaftStatus.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The dry run of an election (§9.6 of the dissertation). */
class PreVoteTest {
    @Test
    void itAsksForTheNextTermAndChangesNothing() {
        TestMember member = TestMember.of(List.of(A, B, C), 3, 1, 3);
        member.tick(ELECTION_TICKS).run();
        assertThat(member.sent())
                .containsExactly(
                        new RequestVote(A, B, 4, 2, 3, true, false), new RequestVote(A, C, 4, 2, 3, true, false));
        assertThat(member.hardState).isEqualTo(new HardState(3, null));
    }

    @Test
    void aMemberThatIsCutOffKeepsItsTerm() {
        TestMember member = TestMember.of(List.of(A, B, C), 3);
        member.tick(20 * ELECTION_TICKS).run();
        assertThat(member.status().term()).isEqualTo(3);
    }

    @Test
    void grantsNeedNoDiskAndGiveNoVoteAway() {
        TestMember member = TestMember.follower();
        Ready ready = member.step(preVote(5, 0, 0)).takeReady();
        assertThat(ready.messages()).containsExactly(new VoteResponse(A, B, 5, true, true));
        assertThat(ready.mustPersist()).isFalse();
        assertThat(member.step(requestVote(C, 2, 0, 0)).run().sent(VoteResponse.class))
                .contains(new VoteResponse(A, C, 2, true, false));
    }

    @Test
    void aStaleLogIsRefused() {
        TestMember member = TestMember.of(List.of(A, B, C), 2, 2, 2);
        assertThat(member.step(preVote(3, 1, 2)).run().sent()).containsExactly(new VoteResponse(A, B, 2, false, true));
        assertThat(member.status().term()).isEqualTo(2);
    }

    @Test
    void anEarlierTermIsRefusedSoThatTheSenderLearnsTheLaterOne() {
        TestMember member = TestMember.of(List.of(A, B, C), 7);
        assertThat(member.step(preVote(4, 9, 3)).run().sent()).containsExactly(new VoteResponse(A, B, 7, false, true));
    }

    @Test
    void aRefusalOfALaterTermEndsItAndIsTakenOver() {
        TestMember member = TestMember.follower().tick(ELECTION_TICKS).run();
        member.step(new VoteResponse(B, A, 7, false, true)).run();
        assertThat(member.status().role()).isEqualTo(Role.FOLLOWER);
        assertThat(member.hardState).isEqualTo(new HardState(7, null));
    }

    @Test
    void grantsForAnotherTermDoNotCount() {
        TestMember member = TestMember.follower().tick(ELECTION_TICKS).run();
        member.step(new VoteResponse(B, A, 1, true, true)).step(new VoteResponse(B, A, 5, true, true));
        assertThat(member.status().role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    @Test
    void aLeaderOfItsTermEndsIt() {
        TestMember member = TestMember.follower().tick(ELECTION_TICKS).run();
        member.step(append(1, 0, 0, 0)).run();
        assertThat(member.status().role()).isEqualTo(Role.FOLLOWER);
        assertThat(member.status().leader()).isEqualTo(B);
    }

    private static RequestVote preVote(long term, long lastLogIndex, long lastLogTerm) {
        return new RequestVote(B, A, term, lastLogIndex, lastLogTerm, true, false);
    }
}
