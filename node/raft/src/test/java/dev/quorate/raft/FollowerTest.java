package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.ELECTION_TICKS;
import static dev.quorate.raft.TestMember.append;
import static dev.quorate.raft.TestMember.requestVote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.RequestVote;
import dev.quorate.raft.Raft.Proposal;
import dev.quorate.raft.RaftStatus.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules for followers, and for all servers (figure 2). */
class FollowerTest {
    @Test
    void itCampaignsWhenItHearsNothing() {
        TestMember member = TestMember.follower();
        assertThat(member.tick(ELECTION_TICKS - 1).run().sent()).isEmpty();
        assertThat(member.tick(1).run().sent(RequestVote.class)).isNotEmpty();
        assertThat(member.status().role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    @Test
    void theTimeOutIsRandom() {
        MemoryLog log = new MemoryLog();
        Membership membership = Membership.ofVoters(java.util.Set.of(A, B, C));
        Raft raft = new Raft(TestMember.config(), HardState.INITIAL, membership, 0, log, bound -> bound - 1);
        for (int i = 0; i < 2 * ELECTION_TICKS - 2; i++) {
            raft.tick();
        }
        assertThat(raft.status().role()).isEqualTo(Role.FOLLOWER);
        raft.tick();
        assertThat(raft.status().role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    @Test
    void anAppendPutsTheTimeOutOff() {
        TestMember member = TestMember.follower().tick(ELECTION_TICKS - 1);
        member.step(append(1, 0, 0, 0)).tick(ELECTION_TICKS - 1);
        assertThat(member.status().role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void anAppendOfAnEarlierTermDoesNot() {
        TestMember member = TestMember.of(List.of(A, B, C), 2).tick(ELECTION_TICKS - 1);
        member.step(append(1, 0, 0, 0)).tick(1);
        assertThat(member.status().role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    @Test
    void grantingAVotePutsTheTimeOutOff() {
        TestMember member = TestMember.follower();
        member.step(requestVote(B, 2, 0, 0)).run().tick(ELECTION_TICKS - 1);
        member.step(requestVote(B, 2, 0, 0)).run().tick(ELECTION_TICKS - 1);
        assertThat(member.status().role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void refusingAVoteDoesNot() {
        TestMember member = TestMember.of(List.of(A, B, C), 2, 1, 2);
        member.step(requestVote(B, 2, 1, 1)).run().tick(ELECTION_TICKS);
        assertThat(member.status().role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    @Test
    void aLaterTermIsTakenOver() {
        TestMember member = TestMember.follower();
        member.step(append(9, 0, 0, 0)).run();
        assertThat(member.hardState).isEqualTo(new HardState(9, null));
        assertThat(member.status().leader()).isEqualTo(B);
    }

    @Test
    void committedEntriesAreAppliedInOrderAndOnce() {
        TestMember member = TestMember.follower();
        member.step(append(1, 0, 0, 2, 1, 1, 1)).run();
        member.step(append(1, 3, 1, 3)).run();
        member.step(append(1, 3, 1, 3)).run();
        assertThat(member.appliedIndexes()).containsExactly(1L, 2L, 3L);
    }

    @Test
    void proposalsAndReadsAreForItsLeader() {
        TestMember member = TestMember.follower();
        assertThat(member.propose("x")).isEqualTo(new Proposal.NotLeader(null));
        member.step(append(1, 0, 0, 0)).run();
        assertThat(member.propose("x")).isEqualTo(new Proposal.NotLeader(B));
        assertThat(member.raft.readIndex(1)).isFalse();
    }

    @Test
    void messagesForOthersAreIgnored() {
        TestMember member = TestMember.follower();
        member.step(new AppendEntries(B, C, 5, 0, 0, List.of(), 0, 0)).run();
        assertThat(member.status().term()).isEqualTo(1);
        assertThat(member.sent()).isEmpty();
    }
}
