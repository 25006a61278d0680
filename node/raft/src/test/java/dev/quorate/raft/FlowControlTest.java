package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.ELECTION_TICKS;
import static dev.quorate.raft.TestMember.HEARTBEAT_TICKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.VoteResponse;
import dev.quorate.raft.Raft.Proposal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Probe, replicate and their windows (§10.2.1 of the dissertation), and the bounds on what is uncommitted and unapplied. */
class FlowControlTest {
    private static final int ENTRY_BYTES = Entry.OVERHEAD_BYTES + 1;

    @Test
    void whileItProbesOneAppendIsOut() {
        TestMember leader = TestMember.of(List.of(A, B, C), 1).elect(B);
        leader.propose("x");
        leader.run();
        assertThat(leader.sentTo(C, AppendEntries.class))
                .as("the first probe is unanswered")
                .isEmpty();
    }

    @Test
    void anAnsweredProbeOpensTheWindow() {
        TestMember leader = TestMember.of(List.of(A, B, C), 1).elect(B);
        leader.propose("x");
        leader.run().sent();
        leader.step(leader.success(C, 1, 0)).run();
        assertThat(sentIndexes(leader)).containsExactly(2L);
        leader.propose("y");
        leader.run();
        assertThat(sentIndexes(leader)).containsExactly(3L);
    }

    @Test
    void aLostProbeIsRepeatedOnceAHeartbeatIsAnswered() {
        TestMember leader = TestMember.of(List.of(A, B, C), 1).elect(B);
        leader.tick(HEARTBEAT_TICKS).run().sent();
        leader.step(leader.success(C, 0, 0)).run();
        assertThat(sentIndexes(leader)).containsExactly(1L);
    }

    @Test
    void theWindowIsBoundedByCount() {
        TestMember leader = leader(config(1 << 20, 3, 1 << 20, 1 << 20, 1 << 20));
        for (int i = 0; i < 5; i++) {
            leader.propose("x");
            leader.run();
        }
        assertThat(sentIndexes(leader)).containsExactly(2L, 3L, 4L);
        leader.step(leader.success(C, 2, 0)).run();
        assertThat(sentIndexes(leader)).as("what waited goes together").containsExactly(5L, 6L);
    }

    @Test
    void theWindowIsBoundedByBytes() {
        TestMember leader = leader(config(1 << 20, 100, 2 * ENTRY_BYTES, 1 << 20, 1 << 20));
        for (int i = 0; i < 5; i++) {
            leader.propose("x");
            leader.run();
        }
        assertThat(sentIndexes(leader)).containsExactly(2L, 3L);
    }

    @Test
    void anAppendIsBoundedByBytes() {
        TestMember leader = leader(config(2 * ENTRY_BYTES, 100, 1 << 20, 1 << 20, 1 << 20));
        leader.propose("1", "2", "3", "4", "5");
        assertThat(leader.run().sentTo(C, AppendEntries.class))
                .extracting(append -> append.entries().size())
                .containsExactly(2, 2, 1);
    }

    @Test
    void anEntryGreaterThanTheBoundTravelsAlone() {
        TestMember leader = leader(config(10, 100, 10, 1 << 20, 1 << 20));
        leader.propose("x", "y");
        leader.run();
        assertThat(sentIndexes(leader)).containsExactly(2L);
        leader.step(leader.success(C, 2, 0)).run();
        assertThat(sentIndexes(leader)).containsExactly(3L);
    }

    @Test
    void aRefusedHeartbeatTellsThatAppendsWereLost() {
        TestMember leader = leader(TestMember.config());
        leader.propose("x");
        leader.run().sent();
        leader.tick(HEARTBEAT_TICKS).run().sent();
        leader.step(leader.refusal(C, 2, 1, 2)).run();
        assertThat(sentIndexes(leader)).containsExactly(2L);
    }

    @Test
    void anUnreachablePeerIsProbed() {
        TestMember leader = leader(TestMember.config());
        leader.propose("x");
        leader.run().sent();
        leader.raft.reportUnreachable(C);
        assertThat(leader.status().progress().get(C).nextIndex()).isEqualTo(2);
        leader.propose("y");
        leader.run();
        assertThat(sentIndexes(leader)).containsExactly(2L, 3L);
        leader.propose("z");
        leader.run();
        assertThat(sentIndexes(leader)).isEmpty();
    }

    @Test
    void proposalsBeyondTheUncommittedBoundAreBusy() {
        TestMember leader = leader(config(1 << 20, 100, 1 << 20, 2 * ENTRY_BYTES, 1 << 20));
        assertThat(leader.propose("x", "y")).isInstanceOf(Proposal.Accepted.class);
        assertThat(leader.propose("z")).isEqualTo(new Proposal.Busy());
        assertThat(leader.status().lastIndex()).isEqualTo(3);
        leader.run().acknowledge(B);
        assertThat(leader.propose("z")).isInstanceOf(Proposal.Accepted.class);
    }

    @Test
    void oneProposalGreaterThanTheBoundGetsThrough() {
        TestMember leader = leader(config(1 << 20, 100, 1 << 20, 10, 1 << 20));
        assertThat(leader.propose("x")).isInstanceOf(Proposal.Accepted.class);
        assertThat(leader.propose("y")).isEqualTo(new Proposal.Busy());
    }

    @Test
    void whatEarlierTermsLeftIsNotCountedAsProposed() {
        TestMember leader = TestMember.of(
                config(1 << 20, 100, 1 << 20, ENTRY_BYTES, 1 << 20), List.of(A, B, C), new HardState(1, null), 1, 1, 1);
        leader.tick(ELECTION_TICKS).run();
        leader.step(new VoteResponse(B, A, 2, true, true)).run();
        leader.step(new VoteResponse(B, A, 2, true, false)).run();
        assertThat(leader.propose("x")).isInstanceOf(Proposal.Accepted.class);
        leader.run().acknowledge(B);
        assertThat(leader.appliedIndexes()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(leader.propose("y")).isInstanceOf(Proposal.Accepted.class);
    }

    @Test
    void committedEntriesAreHandedOutInBoundedBatches() {
        TestMember leader = leader(config(1 << 20, 100, 1 << 20, 1 << 20, 2 * ENTRY_BYTES));
        leader.propose("1", "2", "3", "4", "5");
        leader.run();
        leader.step(leader.success(B, 6, 0));
        assertThat(leader.raft.ready().committed()).extracting(Entry::index).containsExactly(2L, 3L);
        assertThat(leader.raft.ready().committed())
                .as("as much waits to be applied")
                .isEmpty();
        leader.raft.applied(3);
        assertThat(leader.raft.ready().committed()).extracting(Entry::index).containsExactly(4L, 5L);
    }

    private static TestMember leader(RaftConfig config) {
        return TestMember.of(config, List.of(A, B, C), new HardState(1, null)).elect(B, C);
    }

    private static RaftConfig config(
            int appendBytes, int inflightAppends, long inflightBytes, long uncommittedBytes, int committedBytes) {
        return new RaftConfig(
                A,
                ELECTION_TICKS,
                HEARTBEAT_TICKS,
                appendBytes,
                inflightAppends,
                inflightBytes,
                uncommittedBytes,
                committedBytes);
    }

    private static List<Long> sentIndexes(TestMember leader) {
        return leader.sentTo(C, AppendEntries.class).stream()
                .flatMap(append -> append.entries().stream())
                .map(Entry::index)
                .toList();
    }
}
