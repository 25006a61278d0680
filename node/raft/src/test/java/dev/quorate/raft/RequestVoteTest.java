package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.requestVote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Message.RequestVote;
import dev.quorate.raft.Message.VoteResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RequestVote, receiver's rules (figure 2). */
class RequestVoteTest {
    private static final List<java.util.UUID> VOTERS = List.of(A, B, C);

    @Test
    void rule1_refusesAnEarlierTermAndTellsItsOwn() {
        TestMember member = TestMember.of(VOTERS, 5);
        assertThat(member.step(requestVote(B, 4, 9, 4)).run().sent())
                .containsExactly(new VoteResponse(A, B, 5, false, false));
        assertThat(member.hardState).isEqualTo(new HardState(5, null));
    }

    @Test
    void rule2_grantsAnUpToDateCandidateInALaterTerm() {
        TestMember member = TestMember.of(VOTERS, 1, 1, 1);
        assertThat(member.step(requestVote(B, 2, 2, 1)).run().sent())
                .containsExactly(new VoteResponse(A, B, 2, true, false));
        assertThat(member.hardState).isEqualTo(new HardState(2, B));
    }

    @Test
    void rule2_grantsOneCandidateATerm() {
        TestMember member = TestMember.follower();
        assertThat(member.step(requestVote(B, 2, 0, 0)).run().sent(VoteResponse.class))
                .allMatch(VoteResponse::granted);
        assertThat(member.step(requestVote(C, 2, 0, 0)).run().sent(VoteResponse.class))
                .noneMatch(VoteResponse::granted);
        assertThat(member.hardState).isEqualTo(new HardState(2, B));
    }

    @Test
    void rule2_grantsTheSameCandidateAgain() {
        TestMember member = TestMember.follower();
        member.step(requestVote(B, 2, 0, 0)).run().sent();
        assertThat(member.step(requestVote(B, 2, 0, 0)).run().sent())
                .containsExactly(new VoteResponse(A, B, 2, true, false));
    }

    @Test
    void rule2_keepsItsVoteAcrossARestart() {
        TestMember member = TestMember.of(TestMember.config(), VOTERS, new HardState(2, B));
        assertThat(member.step(requestVote(C, 2, 0, 0)).run().sent(VoteResponse.class))
                .noneMatch(VoteResponse::granted);
    }

    @Test
    void rule2_refusesALogThatEndsInAnEarlierTerm() {
        TestMember member = TestMember.of(VOTERS, 2, 1, 2);
        assertThat(member.step(requestVote(B, 3, 9, 1)).run().sent(VoteResponse.class))
                .noneMatch(VoteResponse::granted);
        assertThat(member.hardState).as("the term is taken over all the same").isEqualTo(new HardState(3, null));
    }

    @Test
    void rule2_refusesAShorterLogOfTheSameTerm() {
        TestMember member = TestMember.of(VOTERS, 2, 1, 2, 2);
        assertThat(member.step(requestVote(B, 3, 2, 2)).run().sent(VoteResponse.class))
                .noneMatch(VoteResponse::granted);
    }

    @Test
    void rule2_comparesWithEntriesThatAreNotDurableYet() {
        TestMember member = TestMember.follower();
        member.step(TestMember.append(1, 0, 0, 0, 1, 1)).takeReady();
        member.tick(TestMember.ELECTION_TICKS - 1);
        member.step(new RequestVote(B, A, 2, 1, 1, false, true)).takeReady();
        member.persistAll();
        assertThat(member.sent(VoteResponse.class)).noneMatch(VoteResponse::granted);
    }

    @Test
    void theVoteIsDurableBeforeItIsSent() {
        TestMember member = TestMember.follower();
        Ready ready = member.step(requestVote(B, 2, 0, 0)).takeReady();
        assertThat(ready.hardState()).isEqualTo(new HardState(2, B));
        assertThat(ready.messages()).isEmpty();
        assertThat(ready.messagesAfterPersist()).containsExactly(new VoteResponse(A, B, 2, true, false));
    }
}
