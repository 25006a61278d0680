package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.ELECTION_TICKS;
import static dev.quorate.raft.TestMember.HEARTBEAT_TICKS;
import static dev.quorate.raft.TestMember.append;
import static dev.quorate.raft.TestMember.requestVote;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.RequestVote;
import dev.quorate.raft.Message.VoteResponse;
import dev.quorate.raft.RaftStatus.Role;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A broken connection to the leader shortens the wait for an election, and disturbs nobody who still hears the leader. */
class ConnectionLostTest {
    @Test
    void theFollowerOfADeadLeaderAsksAfterAHeartbeatsTime() {
        TestMember follower = following();
        follower.raft.connectionLost(B);
        follower.tick(HEARTBEAT_TICKS).run();
        assertThat(follower.status().role()).isEqualTo(Role.FOLLOWER);
        follower.tick(1).run();
        assertThat(follower.status().role()).isEqualTo(Role.PRE_CANDIDATE);
        assertThat(follower.status().term()).isEqualTo(1);
    }

    @Test
    void aLeaderThatIsHeardOfAgainKeepsItsFollower() {
        TestMember follower = following();
        follower.raft.connectionLost(B);
        assertThat(follower.status().leader()).as("nobody is sent there").isNull();
        follower.tick(HEARTBEAT_TICKS)
                .step(append(1, 0, 0, 0))
                .tick(ELECTION_TICKS - 1)
                .run();
        assertThat(follower.status().role()).isEqualTo(Role.FOLLOWER);
        assertThat(follower.status().leader()).isEqualTo(B);
    }

    @Test
    void theConnectionToAnotherFollowerSaysNothing() {
        TestMember follower = following();
        follower.raft.connectionLost(C);
        follower.tick(ELECTION_TICKS - 1).run();
        assertThat(follower.status().role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void whoLostItToListensToOthers_whoDidNotDoesNot() {
        TestMember hears = following();
        hears.step(preVote(C)).run();
        assertThat(hears.sent()).isEmpty();
        hears.raft.connectionLost(B);
        hears.step(preVote(C)).run();
        assertThat(hears.sent()).containsExactly(new VoteResponse(A, C, 2, true, true));
        hears.step(requestVote(C, 2, 0, 0)).run();
        assertThat(hears.sent()).containsExactly(new VoteResponse(A, C, 2, true, false));
    }

    @Test
    void aWrongHintIsUndoneByTheNextHeartbeat() {
        TestMember follower = following();
        follower.raft.connectionLost(B);
        follower.tick(HEARTBEAT_TICKS + 1).run();
        assertThat(follower.status().role()).isEqualTo(Role.PRE_CANDIDATE);
        follower.step(append(1, 0, 0, 0)).run();
        assertThat(follower.status().leader()).isEqualTo(B);
        assertThat(follower.status().term()).isEqualTo(1);
    }

    @Test
    void repeatedHintsDoNotPutItOffNorHurryIt() {
        TestMember follower = following();
        for (int i = 0; i < HEARTBEAT_TICKS; i++) {
            follower.raft.connectionLost(B);
            follower.tick(1).run();
        }
        assertThat(follower.status().role()).isEqualTo(Role.FOLLOWER);
        follower.raft.connectionLost(B);
        follower.tick(1).run();
        assertThat(follower.status().role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    @Test
    void aLeaderProbesThePeer() {
        TestMember leader = TestMember.of(List.of(A, B, C), 1).elect(B, C);
        leader.raft.connectionLost(B);
        leader.propose("x");
        leader.propose("y");
        leader.run();
        assertThat(leader.sentTo(B, AppendEntries.class)).hasSize(1);
    }

    @Test
    void ofTwoThatAskAtATimeOneGivesWay() {
        TestMember smallerId = preCandidate();
        smallerId.step(preVote(C)).run();
        assertThat(smallerId.sent()).containsExactly(new VoteResponse(A, C, 2, true, true));
        assertThat(smallerId.status().role()).isEqualTo(Role.FOLLOWER);
        smallerId.step(new VoteResponse(C, A, 2, true, true)).run();
        assertThat(smallerId.status().role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void theBetterLogGoesOnWhateverItsId() {
        TestMember better = preCandidate(1);
        better.step(preVote(C)).run();
        assertThat(better.sent()).containsExactly(new VoteResponse(A, C, 1, false, true));
        assertThat(better.status().role()).isEqualTo(Role.PRE_CANDIDATE);
        TestMember worse = preCandidate(1);
        worse.step(new RequestVote(new UUID(0, 1), A, 2, 2, 1, true, false)).run();
        assertThat(worse.status().role()).isEqualTo(Role.FOLLOWER);
    }

    @Test
    void theGreaterIdGoesOn() {
        TestMember greaterId = preCandidate();
        greaterId.step(preVote(new UUID(0, 1))).run();
        assertThat(greaterId.sent(VoteResponse.class)).hasSize(1);
        assertThat(greaterId.status().role()).isEqualTo(Role.PRE_CANDIDATE);
    }

    private static TestMember following() {
        TestMember follower = TestMember.follower();
        follower.step(append(1, 0, 0, 0)).run().sent();
        return follower;
    }

    private static TestMember preCandidate(long... logTerms) {
        TestMember member = TestMember.of(List.of(A, B, C), 1, logTerms);
        member.tick(ELECTION_TICKS).run().sent();
        assertThat(member.status().role()).isEqualTo(Role.PRE_CANDIDATE);
        return member;
    }

    private static RequestVote preVote(UUID from) {
        return new RequestVote(from, A, 2, 0, 0, true, false);
    }
}
