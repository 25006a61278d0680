package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.D;
import static dev.quorate.raft.TestMember.E;
import static dev.quorate.raft.TestMember.ELECTION_TICKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.RequestVote;
import dev.quorate.raft.Message.TimeoutNow;
import dev.quorate.raft.Message.VoteResponse;
import dev.quorate.raft.RaftStatus.Role;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Changes of the group (§6): learners first, then a joint configuration, then the new one. */
class MembershipChangeTest {
    private static final Membership ABC = Membership.ofVoters(Set.of(A, B, C));
    private static final Membership ABC_LEARNER_D = Membership.of(Set.of(A, B, C), Set.of(D));
    private static final Membership ABCD = Membership.ofVoters(Set.of(A, B, C, D));

    @Test
    void aLearnerComesByOneEntryAndGetsTheLog() {
        TestMember leader = leader(ABC);
        assertThat(leader.raft.proposeMembership(ABC_LEARNER_D)).isEqualTo(new MembershipProposal.Accepted(2, 2));
        assertThat(leader.status().membership()).isEqualTo(ABC_LEARNER_D);
        assertThat(leader.status().membershipSettled()).isFalse();
        leader.run();
        assertThat(leader.sentTo(D, AppendEntries.class)).hasSize(1);
        leader.acknowledge(B);
        assertThat(leader.status().membershipSettled()).isTrue();
        assertThat(leader.applied.getLast().type()).isEqualTo(Entry.Type.MEMBERSHIP);
    }

    @Test
    void aLearnerIsNotCounted() {
        TestMember leader = leader(ABC_LEARNER_D);
        leader.propose("x");
        leader.run().acknowledge(D);
        assertThat(leader.status().commitIndex()).isEqualTo(1);
        leader.acknowledge(B);
        assertThat(leader.status().commitIndex()).isEqualTo(2);
    }

    @Test
    void aLearnerDoesNotKeepALeaderInOffice() {
        TestMember leader = leader(ABC_LEARNER_D);
        leader.tick(ELECTION_TICKS).run();
        leader.step(leader.success(D, 1, 0)).tick(ELECTION_TICKS).run();
        assertThat(leader.status().role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void aNewVoterMustBeALearnerThatHasCaughtUp() {
        TestMember leader = leader(ABC);
        assertThat(leader.raft.proposeMembership(ABCD)).isEqualTo(new MembershipProposal.NotCaughtUp(Set.of(D)));
        leader.raft.proposeMembership(ABC_LEARNER_D);
        leader.run().acknowledge(B);
        assertThat(leader.raft.proposeMembership(ABCD)).isEqualTo(new MembershipProposal.NotCaughtUp(Set.of(D)));
        leader.acknowledge(D);
        assertThat(leader.raft.proposeMembership(ABCD)).isEqualTo(new MembershipProposal.Accepted(3, 2));
    }

    @Test
    void aLearnerThatIsGoneOrFarBehindIsNotCaughtUp() {
        TestMember leader = leader(ABC_LEARNER_D);
        leader.acknowledge(D);
        assertThat(leader.status().progress().get(D).caughtUp()).isTrue();
        leader.step(leader.success(B, 1, 0)).tick(ELECTION_TICKS).run();
        assertThat(leader.status().progress().get(D).caughtUp()).as("silent").isFalse();
        leader.propose("x");
        leader.run().acknowledge(B, C).tick(ELECTION_TICKS).run();
        leader.acknowledge(B, C).step(leader.success(D, 1, 0)).tick(ELECTION_TICKS - 1);
        assertThat(leader.status().progress().get(D).caughtUp())
                .as("a moment behind")
                .isTrue();
        leader.tick(1).acknowledge(B, C).step(leader.success(D, 1, 0));
        assertThat(leader.status().progress().get(D).caughtUp()).as("behind").isFalse();
    }

    @Test
    void aJointConfigurationNeedsBothMajoritiesAndIsLeftByItself() {
        Membership target = Membership.ofVoters(Set.of(A, D, E));
        TestMember leader = leader(Membership.of(Set.of(A, B, C), Set.of(D, E)));
        leader.acknowledge(D, E);
        assertThat(leader.raft.proposeMembership(target)).isEqualTo(new MembershipProposal.Accepted(2, 2));
        assertThat(leader.status().membership()).isEqualTo(new Membership(target.voters(), Set.of(A, B, C), Set.of()));
        leader.run().acknowledge(D, E);
        assertThat(leader.status().commitIndex()).as("only the new majority").isEqualTo(1);
        leader.acknowledge(B);
        assertThat(leader.status().commitIndex()).isEqualTo(2);
        assertThat(leader.status().membership()).isEqualTo(target);
        assertThat(leader.status().membershipSettled()).isFalse();
        leader.acknowledge(B, C);
        assertThat(leader.status().commitIndex()).as("only the old majority").isEqualTo(2);
        leader.acknowledge(D);
        assertThat(leader.status().commitIndex()).isEqualTo(3);
        assertThat(leader.status().membershipSettled()).isTrue();
    }

    @Test
    void aVoterMayBecomeALearner() {
        Membership target = Membership.of(Set.of(A, B), Set.of(C));
        TestMember leader = leader(ABC);
        leader.raft.proposeMembership(target);
        leader.run().acknowledge(B);
        leader.acknowledge(B);
        assertThat(leader.status().membership()).isEqualTo(target);
        assertThat(leader.status().membershipSettled()).isTrue();
    }

    @Test
    void thereIsOneChangeAtATime() {
        TestMember leader = leader(ABC);
        leader.raft.proposeMembership(ABC_LEARNER_D);
        assertThat(leader.raft.proposeMembership(ABC)).isEqualTo(new MembershipProposal.ChangeInProgress());
        leader.run().acknowledge(B);
        assertThat(leader.raft.proposeMembership(ABC_LEARNER_D)).isEqualTo(new MembershipProposal.Unchanged());
        leader.raft.proposeMembership(Membership.of(Set.of(A, B), Set.of(D)));
        leader.run().acknowledge(B);
        assertThat(leader.raft.proposeMembership(ABC))
                .as("C_new is in the log, but not committed")
                .isEqualTo(new MembershipProposal.ChangeInProgress());
    }

    @Test
    void thereIsNoneBeforeAnEntryOfTheOwnTermIsCommitted() {
        TestMember leader = TestMember.of(List.of(A, B, C), 1).elect(B, C);
        TestMember fresh = TestMember.of(List.of(A, B, C), 1);
        fresh.tick(ELECTION_TICKS).run();
        fresh.step(new VoteResponse(B, A, 2, true, true)).run();
        fresh.step(new VoteResponse(B, A, 2, true, false)).run();
        assertThat(fresh.status().role()).isEqualTo(Role.LEADER);
        assertThat(fresh.raft.proposeMembership(ABC_LEARNER_D)).isEqualTo(new MembershipProposal.Busy());
        assertThat(leader.raft.proposeMembership(ABC_LEARNER_D)).isInstanceOf(MembershipProposal.Accepted.class);
    }

    @Test
    void onlyALeaderTakesOne() {
        TestMember member = TestMember.follower();
        member.step(TestMember.append(1, 0, 0, 0));
        assertThat(member.raft.proposeMembership(ABCD)).isEqualTo(new MembershipProposal.NotLeader(B));
    }

    @Test
    void aTargetThatIsNoneIsAnError() {
        Raft raft = leader(ABC).raft;
        assertThatThrownBy(() -> raft.proposeMembership(Membership.NONE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> raft.proposeMembership(ABC.enter(ABCD))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> raft.proposeMembership(Membership.of(Set.of(A, B), Set.of(B))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLeaderThatIsLeftOutHandsOnOnceThatIsCommitted() {
        TestMember leader = leaderLeavingTo(B, C);
        assertThat(leader.status().role()).isEqualTo(Role.LEADER);
        assertThat(leader.sent(TimeoutNow.class)).isEmpty();
        leader.acknowledge(B);
        assertThat(leader.status().commitIndex()).as("it does not count itself").isEqualTo(2);
        leader.acknowledge(C);
        assertThat(leader.status().commitIndex()).isEqualTo(3);
        assertThat(leader.sent(TimeoutNow.class)).hasSize(1);
        assertThat(leader.propose("x")).isEqualTo(new Raft.Proposal.Busy());
        leader.step(new RequestVote(B, A, 3, 3, 2, false, true)).run();
        assertThat(leader.status().role()).isEqualTo(Role.FOLLOWER);
        assertThat(leader.sent()).contains(new VoteResponse(A, B, 3, true, false));
    }

    @Test
    void aLeaderThatIsLeftOutStepsDownThoughNobodyTakesOver() {
        TestMember leader = leaderLeavingTo(B, C);
        leader.acknowledge(B, C).tick(ELECTION_TICKS).run();
        assertThat(leader.status().role()).isEqualTo(Role.FOLLOWER);
        leader.tick(5 * ELECTION_TICKS).run();
        assertThat(leader.status().role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void whoIsLeftOutHearsOfItForAnElectionTimeOut() {
        TestMember leader = leader(ABC);
        leader.raft.proposeMembership(Membership.ofVoters(Set.of(A, B)));
        leader.run().acknowledge(B, C);
        leader.acknowledge(B).acknowledge(C);
        assertThat(leader.status().membershipSettled()).isTrue();
        assertThat(leader.sentTo(C, AppendEntries.class).getLast().leaderCommit())
                .isEqualTo(3);
        leader.tick(ELECTION_TICKS - 1).run();
        assertThat(leader.sentTo(C, AppendEntries.class)).isNotEmpty();
        leader.tick(1).run().acknowledge(B).sent();
        leader.tick(5).run();
        assertThat(leader.sentTo(C, AppendEntries.class)).isEmpty();
        assertThat(leader.status().progress()).containsOnlyKeys(B);
    }

    @Test
    void aHandOverToWhoIsLeftOutIsGivenUp() {
        TestMember leader = leader(ABC);
        leader.raft.proposeMembership(Membership.ofVoters(Set.of(A, B)));
        leader.run().sent();
        leader.raft.transferLeadership(C);
        leader.acknowledge(B).run();
        assertThat(leader.sent(TimeoutNow.class)).isEmpty();
        assertThat(leader.propose("x")).isInstanceOf(Raft.Proposal.Accepted.class);
    }

    @Test
    void aNewLeaderFinishesWhatItFindsInItsLog() {
        TestMember leader = withLog(ABC, ABC.enter(ABCD));
        leader.elect(B, C);
        assertThat(leader.status().commitIndex()).isEqualTo(2);
        assertThat(leader.status().membership()).isEqualTo(ABCD);
        assertThat(leader.status().lastIndex()).isEqualTo(3);
    }

    @Test
    void anElectionNeedsBothMajorities() {
        TestMember candidate = withLog(ABC, ABC.enter(Membership.ofVoters(Set.of(A, D, E))));
        candidate.tick(ELECTION_TICKS).run();
        candidate.step(new VoteResponse(B, A, 2, true, true)).run();
        assertThat(candidate.status().role()).isEqualTo(Role.PRE_CANDIDATE);
        candidate.step(new VoteResponse(D, A, 2, true, true)).run();
        assertThat(candidate.status().role()).isEqualTo(Role.CANDIDATE);
    }

    @Test
    void aFollowerUsesAConfigurationAsSoonAsItHasItAndUntilItIsCut() {
        TestMember follower = TestMember.follower();
        Entry change = new Entry(1, 1, Entry.Type.MEMBERSHIP, MembershipCodec.encode(ABC_LEARNER_D));
        follower.step(new AppendEntries(B, A, 1, 0, 0, List.of(change), 0, 0)).run();
        assertThat(follower.status().membership()).isEqualTo(ABC_LEARNER_D);
        follower.step(new AppendEntries(C, A, 2, 0, 0, List.of(new Entry(1, 2, Entry.Type.EMPTY, new byte[0])), 0, 0))
                .run();
        assertThat(follower.status().membership()).isEqualTo(ABC);
    }

    @Test
    void whoIsLeftOutCampaignsUntilItKnowsThatToBeCommitted() {
        TestMember member =
                withLog(ABC, ABC.enter(Membership.ofVoters(Set.of(B, C))), Membership.ofVoters(Set.of(B, C)));
        member.tick(ELECTION_TICKS).run();
        assertThat(member.status().role()).isEqualTo(Role.PRE_CANDIDATE);
        member.step(new VoteResponse(B, A, 2, true, true)).run();
        assertThat(member.status().role()).as("its own vote is not counted").isEqualTo(Role.PRE_CANDIDATE);
        member.step(new AppendEntries(B, A, 1, 2, 1, List.of(), 2, 0)).run();
        member.tick(5 * ELECTION_TICKS).run();
        assertThat(member.status().role()).isEqualTo(Role.FOLLOWER);
    }

    private static TestMember leader(Membership membership) {
        return new TestMember(TestMember.config(), new HardState(1, null), membership, new MemoryLog(), 0).elect(B, C);
    }

    /** C_new is in its log and not committed. */
    private static TestMember leaderLeavingTo(UUID... voters) {
        TestMember leader = leader(ABC);
        leader.raft.proposeMembership(Membership.ofVoters(Set.of(voters)));
        leader.run().acknowledge(voters);
        assertThat(leader.status().membership().voters()).containsExactlyInAnyOrder(voters);
        assertThat(leader.status().commitIndex()).isEqualTo(2);
        leader.sent();
        return leader;
    }

    /** A member in term 1 that starts with these configurations in its log. */
    private static TestMember withLog(Membership applied, Membership... changes) {
        MemoryLog log = new MemoryLog();
        for (Membership change : changes) {
            log.append(
                    List.of(new Entry(log.lastIndex() + 1, 1, Entry.Type.MEMBERSHIP, MembershipCodec.encode(change))));
        }
        return new TestMember(TestMember.config(), new HardState(1, null), applied, log, 0);
    }
}
