package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.ELECTION_TICKS;
import static dev.quorate.raft.TestMember.append;
import static dev.quorate.raft.TestMember.requestVote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Message.InstallSnapshot;
import dev.quorate.raft.Message.TimeoutNow;
import dev.quorate.raft.Message.VoteResponse;
import dev.quorate.raft.RaftStatus.Role;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A member that is not among the voters it knows: new, a learner, or removed (§6). */
class OutsiderTest {
    @Test
    void itNeverCampaigns() {
        for (Membership membership : List.of(
                Membership.NONE,
                Membership.ofVoters(Set.of(B, C)),
                new Membership(Set.of(B, C), Set.of(), Set.of(A)))) {
            TestMember member = outsider(membership);
            member.tick(5 * ELECTION_TICKS).run();
            member.step(new TimeoutNow(B, A, 0)).run();
            assertThat(member.sent()).isEmpty();
            assertThat(member.status().role()).isEqualTo(Role.FOLLOWER);
        }
    }

    @Test
    void itTakesTheLogOfALeader() {
        TestMember member = outsider(Membership.NONE);
        member.step(append(1, 0, 0, 2, 1, 1)).run();
        assertThat(member.appliedIndexes()).containsExactly(1L, 2L);
    }

    @Test
    void itVotesForWhoAsks_sinceItsMembershipMayBeOld() {
        TestMember member = outsider(Membership.NONE);
        member.step(requestVote(B, 1, 0, 0)).run();
        assertThat(member.sent()).containsExactly(new VoteResponse(A, B, 1, true, false));
    }

    @Test
    void itVotesOnceItsLeaderIsSilent() {
        TestMember member = outsider(new Membership(Set.of(B, C), Set.of(), Set.of(A)));
        member.step(append(1, 0, 0, 0)).run().sent();
        member.tick(ELECTION_TICKS - 1).step(requestVote(C, 2, 0, 0)).run();
        assertThat(member.sent()).as("the leader was heard of lately").isEmpty();
        member.tick(1).step(requestVote(C, 2, 0, 0)).run();
        assertThat(member.sent()).containsExactly(new VoteResponse(A, C, 2, true, false));
    }

    @Test
    void aSnapshotMakesItAMember() {
        TestMember member = outsider(Membership.NONE);
        Membership membership = Membership.ofVoters(Set.of(A, B, C));
        member.step(new InstallSnapshot(B, A, 1, new SnapshotMeta(5, 1, membership)))
                .run();
        member.tick(ELECTION_TICKS).run();
        assertThat(member.status().role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    @Test
    void itAcceptsNoProposals() {
        TestMember member = outsider(Membership.NONE);
        assertThat(member.propose("x")).isEqualTo(new Raft.Proposal.NotLeader(null));
        assertThat(member.raft.readIndex(1)).isFalse();
    }

    private static TestMember outsider(Membership membership) {
        return new TestMember(TestMember.config(), HardState.INITIAL, membership, new MemoryLog(), 0);
    }
}
