package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.ELECTION_TICKS;
import static dev.quorate.raft.TestMember.HEARTBEAT_TICKS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How long a driver may sleep. That the ticks before then do nothing is checked in the simulator, at every tick. */
class TicksUntilActionTest {
    @Test
    void aFollowerSleepsUntilItsPatienceEnds() {
        TestMember follower = TestMember.follower();
        assertThat(follower.raft.ticksUntilAction()).isEqualTo(ELECTION_TICKS);
        follower.tick(3);
        assertThat(follower.raft.ticksUntilAction()).isEqualTo(ELECTION_TICKS - 3);
        follower.step(TestMember.append(1, 0, 0, 0));
        assertThat(follower.raft.ticksUntilAction()).isEqualTo(ELECTION_TICKS);
    }

    @Test
    void aFollowerThatAskedItsLeaderWatchesOverTheAnswer() {
        TestMember follower = TestMember.follower().step(TestMember.append(1, 0, 0, 0));
        follower.raft.readIndexThroughLeader(1);
        follower.run();
        assertThat(follower.raft.ticksUntilAction()).isEqualTo(1);
    }

    @Test
    void aLeaderSleepsUntilItsNextHeartbeat() {
        TestMember leader = leader();
        leader.tick(leader.raft.ticksUntilAction()).run().sent();
        assertThat(leader.raft.ticksUntilAction()).isEqualTo(HEARTBEAT_TICKS);
        leader.tick(HEARTBEAT_TICKS - 1);
        assertThat(leader.run().sent()).isEmpty();
        leader.tick(1);
        assertThat(leader.run().sent()).isNotEmpty();
    }

    @Test
    void aHandOverIsWatchedTickByTick() {
        TestMember leader = leader();
        leader.raft.transferLeadership(B);
        assertThat(leader.raft.ticksUntilAction()).isEqualTo(1);
    }

    private static TestMember leader() {
        return TestMember.of(List.of(A, B, C), 1).elect(B, C);
    }
}
