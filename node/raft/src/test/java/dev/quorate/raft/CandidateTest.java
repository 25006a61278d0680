package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.D;
import static dev.quorate.raft.TestMember.E;
import static dev.quorate.raft.TestMember.ELECTION_TICKS;
import static dev.quorate.raft.TestMember.append;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Message.RequestVote;
import dev.quorate.raft.Message.VoteResponse;
import dev.quorate.raft.RaftStatus.Role;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Rules for candidates (figure 2). */
class CandidateTest {
    @Test
    void itRaisesItsTermVotesForItselfAndAsksEverybody() {
        TestMember member = TestMember.of(List.of(A, B, C), 1, 1, 1);
        preVotedBy(member, B);
        assertThat(member.hardState).isEqualTo(new HardState(2, A));
        assertThat(member.sent())
                .containsExactly(
                        new RequestVote(A, B, 2, 2, 1, false, false), new RequestVote(A, C, 2, 2, 1, false, false));
    }

    @Test
    void itAsksOnlyOnceItsTermIsDurable() {
        TestMember member = TestMember.follower().tick(ELECTION_TICKS).run();
        member.sent();
        Ready ready = member.step(new VoteResponse(B, A, 2, true, true)).takeReady();
        assertThat(ready.hardState()).isEqualTo(new HardState(2, A));
        assertThat(ready.messages()).isEmpty();
        assertThat(ready.messagesAfterPersist()).hasSize(2);
    }

    @Test
    void itsOwnVoteCountsOnlyOnceItIsDurable() {
        TestMember member = TestMember.follower().tick(ELECTION_TICKS).run();
        member.step(new VoteResponse(B, A, 2, true, true)).takeReady();
        member.step(new VoteResponse(B, A, 2, true, false));
        assertThat(member.status().role()).isEqualTo(Role.CANDIDATE);
        member.persistAll();
        assertThat(member.status().role()).isEqualTo(Role.LEADER);
    }

    @Test
    void aMajorityMakesItLeader() {
        TestMember member = TestMember.of(List.of(A, B, C, D, E), 1);
        preVotedBy(member, B, C);
        member.step(new VoteResponse(B, A, 2, true, false));
        assertThat(member.status().role()).isEqualTo(Role.CANDIDATE);
        member.step(new VoteResponse(B, A, 2, true, false));
        assertThat(member.status().role()).as("the same voter twice").isEqualTo(Role.CANDIDATE);
        member.step(new VoteResponse(C, A, 2, true, false));
        assertThat(member.status().role()).isEqualTo(Role.LEADER);
        assertThat(member.status().leader()).isEqualTo(A);
    }

    @Test
    void aMajorityOfRefusalsEndsTheCampaign() {
        TestMember member = TestMember.of(List.of(A, B, C), 1);
        preVotedBy(member, B);
        member.step(new VoteResponse(B, A, 2, false, false)).step(new VoteResponse(C, A, 2, false, false));
        assertThat(member.status().role()).isEqualTo(Role.FOLLOWER);
        assertThat(member.status().term()).isEqualTo(2);
    }

    @Test
    void votesOfStrangersAndOfEarlierTermsDoNotCount() {
        TestMember member = TestMember.of(List.of(A, B, C), 1);
        preVotedBy(member, B);
        member.step(new VoteResponse(E, A, 2, true, false)).step(new VoteResponse(B, A, 1, true, false));
        assertThat(member.status().role()).isEqualTo(Role.CANDIDATE);
    }

    @Test
    void preVotesDoNotCount() {
        TestMember member = TestMember.of(List.of(A, B, C), 1);
        preVotedBy(member, B);
        member.step(new VoteResponse(C, A, 2, true, true));
        assertThat(member.status().role()).isEqualTo(Role.CANDIDATE);
    }

    @Test
    void aLeaderOfItsTermMakesItAFollower() {
        TestMember member = TestMember.of(List.of(A, B, C), 1);
        preVotedBy(member, B);
        member.step(append(2, 0, 0, 0, 2)).run();
        assertThat(member.status().role()).isEqualTo(Role.FOLLOWER);
        assertThat(member.status().leader()).isEqualTo(B);
        assertThat(member.logTerms()).containsExactly(2L);
        assertThat(member.hardState).as("its vote stays given").isEqualTo(new HardState(2, A));
    }

    @Test
    void aTimeOutStartsAnotherElection() {
        TestMember member = TestMember.of(List.of(A, B, C), 1);
        preVotedBy(member, B);
        member.sent();
        member.tick(ELECTION_TICKS).run();
        assertThat(member.sent()).contains(new RequestVote(A, B, 3, 0, 0, true, false));
    }

    @Test
    void inAJointConfigurationBothMajoritiesMustAgree() {
        Membership joint = new Membership(Set.of(A, B, C), Set.of(A, D, E), Set.of());
        TestMember member = new TestMember(TestMember.config(), new HardState(1, null), joint, new MemoryLog(), 0);
        preVotedBy(member, B, D);
        member.step(new VoteResponse(B, A, 2, true, false)).step(new VoteResponse(C, A, 2, true, false));
        assertThat(member.status().role()).isEqualTo(Role.CANDIDATE);
        member.step(new VoteResponse(E, A, 2, true, false));
        assertThat(member.status().role()).isEqualTo(Role.LEADER);
    }

    private static void preVotedBy(TestMember member, UUID... supporters) {
        member.tick(ELECTION_TICKS).run().sent();
        for (UUID supporter : supporters) {
            member.step(new VoteResponse(supporter, A, 2, true, true));
        }
        member.run();
        assertThat(member.status().role()).isEqualTo(Role.CANDIDATE);
    }
}
