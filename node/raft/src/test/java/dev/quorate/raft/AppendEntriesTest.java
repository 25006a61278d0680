package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.AppendResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** AppendEntries, receiver's rules (figure 2). */
class AppendEntriesTest {
    private static final List<UUID> VOTERS = List.of(A, B, C);

    @Test
    void rule1_refusesAnEarlierTermAndTellsItsOwn() {
        TestMember member = TestMember.of(VOTERS, 3, 1);
        AppendResponse response = onlyResponse(member.step(append(2, 1, 1, 1, 2)));
        assertThat(response.success()).isFalse();
        assertThat(response.term()).isEqualTo(3);
        assertThat(member.logTerms()).containsExactly(1L);
        assertThat(member.status().leader()).isNull();
    }

    @Test
    void rule2_refusesWhenTheEntryBeforeIsMissing() {
        TestMember member = TestMember.of(VOTERS, 2, 1, 1);
        assertThat(onlyResponse(member.step(append(2, 5, 2, 0, 2))))
                .isEqualTo(new AppendResponse(A, B, 2, false, 5, 2, 1, 0));
    }

    @Test
    void rule2_refusesWhenTheEntryBeforeHasAnotherTerm_andHintsBelowThatTerm() {
        TestMember member = TestMember.of(VOTERS, 4, 1, 1, 3, 3, 3);
        assertThat(onlyResponse(member.step(append(4, 5, 2, 0, 4))))
                .isEqualTo(new AppendResponse(A, B, 4, false, 5, 2, 1, 0));
        assertThat(member.logTerms()).containsExactly(1L, 1L, 3L, 3L, 3L);
    }

    @Test
    void rule3_cutsTheLogAtAConflict() {
        TestMember member = TestMember.of(VOTERS, 3, 1, 2, 2, 2);
        assertThat(onlyResponse(member.step(append(3, 1, 1, 0, 3))).index()).isEqualTo(2);
        assertThat(member.logTerms()).containsExactly(1L, 3L);
    }

    @Test
    void rule3_cutsAtTheConflictInsideTheBatch() {
        TestMember member = TestMember.of(VOTERS, 3, 1, 2, 2, 2);
        member.step(append(3, 0, 0, 0, 1, 2, 3)).run();
        assertThat(member.logTerms()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void rule4_appendsWhatIsNew() {
        TestMember member = TestMember.of(VOTERS, 1, 1);
        assertThat(onlyResponse(member.step(append(1, 1, 1, 0, 1, 1))).index()).isEqualTo(3);
        assertThat(member.logTerms()).containsExactly(1L, 1L, 1L);
    }

    @Test
    void rule4_keepsWhatFollowsALateAppend() {
        TestMember member = TestMember.of(VOTERS, 1, 1, 1, 1);
        assertThat(onlyResponse(member.step(append(1, 0, 0, 0, 1))).index())
                .as("claims no more than was sent")
                .isEqualTo(1);
        assertThat(member.logTerms()).containsExactly(1L, 1L, 1L);
    }

    @Test
    void rule5_commitsUpToTheLeadersCommit() {
        TestMember member = TestMember.of(VOTERS, 1, 1, 1, 1);
        member.step(append(1, 3, 1, 2)).run();
        assertThat(member.appliedIndexes()).containsExactly(1L, 2L);
    }

    @Test
    void rule5_commitsNoFurtherThanTheLastNewEntry() {
        TestMember member = TestMember.of(VOTERS, 2, 1, 1, 1);
        member.step(append(2, 1, 1, 9)).run();
        assertThat(member.status().commitIndex())
                .as("entries 2 and 3 may still conflict")
                .isEqualTo(1);
    }

    @Test
    void rule5_neverTakesBackACommit() {
        TestMember member = TestMember.of(VOTERS, 1, 1, 1, 1);
        member.step(append(1, 3, 1, 3)).run();
        member.step(append(1, 3, 1, 1)).run();
        assertThat(member.status().commitIndex()).isEqualTo(3);
    }

    @Test
    void anAppendBelowTheCommitIsAnsweredByTheCommit() {
        TestMember member = TestMember.of(VOTERS, 1, 1, 1, 1);
        member.step(append(1, 3, 1, 3)).run().sent();
        assertThat(onlyResponse(member.step(append(1, 1, 1, 3, 1))))
                .isEqualTo(new AppendResponse(A, B, 1, true, 3, 0, 0, 0));
    }

    @Test
    void aCommittedEntryIsNeverOverwritten() {
        TestMember member = TestMember.of(VOTERS, 1, 1, 1);
        member.step(append(1, 2, 1, 2)).run();
        assertThatThrownBy(() -> member.step(append(2, 2, 2, 2, 2))).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void aSecondLeaderInATermIsAViolation() {
        TestMember member = TestMember.follower();
        member.step(append(1, 0, 0, 0)).run();
        assertThatThrownBy(() -> member.step(new AppendEntries(C, A, 1, 0, 0, List.of(), 0, 0)))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("two leaders");
    }

    @Test
    void theAnswerWaitsForTheDisk() {
        TestMember member = TestMember.follower();
        Ready ready = member.step(append(1, 0, 0, 0, 1, 1)).takeReady();
        assertThat(ready.entries()).hasSize(2);
        assertThat(ready.messages()).isEmpty();
        assertThat(ready.messagesAfterPersist()).containsExactly(new AppendResponse(A, B, 1, true, 2, 0, 0, 0));
    }

    @Test
    void aHeartbeatIsAnsweredWithoutTheDiskByWhatIsDurable() {
        TestMember member = TestMember.of(VOTERS, 1, 1);
        member.step(append(1, 1, 1, 0, 1)).takeReady();
        member.step(new AppendEntries(B, A, 1, 2, 1, List.of(), 0, 7)).takeReady();
        assertThat(member.sent()).containsExactly(new AppendResponse(A, B, 1, true, 1, 0, 0, 7));
    }

    @Test
    void aBurstOfAppendsIsAnsweredOncePerWrite() {
        TestMember member = TestMember.follower();
        member.step(append(1, 0, 0, 0, 1)).step(append(1, 1, 1, 0, 1)).step(append(1, 2, 1, 0, 1));
        assertThat(member.run().sent()).containsExactly(new AppendResponse(A, B, 1, true, 3, 0, 0, 0));
    }

    private static AppendResponse onlyResponse(TestMember member) {
        List<AppendResponse> responses = member.run().sent(AppendResponse.class);
        assertThat(responses).hasSize(1);
        return responses.getFirst();
    }
}
