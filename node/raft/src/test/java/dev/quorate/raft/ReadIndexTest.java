package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.D;
import static dev.quorate.raft.TestMember.E;
import static dev.quorate.raft.TestMember.ELECTION_TICKS;
import static dev.quorate.raft.TestMember.HEARTBEAT_TICKS;
import static dev.quorate.raft.TestMember.append;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.AppendResponse;
import dev.quorate.raft.Message.VoteResponse;
import dev.quorate.raft.Ready.ReadState;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Linearizable reads (ReadIndex, §6.4 of the dissertation). */
class ReadIndexTest {
    @Test
    void aMajorityConfirmsThatTheLeaderStillIsOne() {
        TestMember leader = leaderOfFive();
        assertThat(leader.raft.readIndex(7)).isTrue();
        long context = contextSentTo(leader.run());
        leader.step(leader.success(B, 1, context)).run();
        assertThat(leader.reads).isEmpty();
        leader.step(leader.success(C, 1, context)).run();
        assertThat(leader.reads).containsExactly(new ReadState(7, 1));
    }

    @Test
    void readsThatComeTogetherShareARound() {
        TestMember leader = leaderOfFive();
        leader.raft.readIndex(1);
        leader.raft.readIndex(2);
        List<AppendEntries> round = leader.run().sent(AppendEntries.class);
        assertThat(round).hasSize(4);
        leader.step(leader.success(B, 1, round.getFirst().readContext()));
        leader.step(leader.success(C, 1, round.getFirst().readContext())).run();
        assertThat(leader.reads).containsExactly(new ReadState(1, 1), new ReadState(2, 1));
    }

    @Test
    void answersFromBeforeTheReadDoNotConfirmIt() {
        TestMember leader = leaderOfFive();
        leader.raft.readIndex(1);
        long first = contextSentTo(leader.run());
        leader.raft.readIndex(2);
        long second = contextSentTo(leader.run());
        assertThat(second).isGreaterThan(first);
        leader.step(leader.success(B, 1, first))
                .step(leader.success(C, 1, first))
                .run();
        assertThat(leader.reads).extracting(ReadState::requestId).containsExactly(1L);
    }

    @Test
    void aLaterRoundConfirmsTheEarlierOnes() {
        TestMember leader = leaderOfFive();
        leader.raft.readIndex(1);
        leader.run().sent();
        leader.raft.readIndex(2);
        leader.run();
        long second = contextSentTo(leader);
        leader.step(leader.success(B, 1, second))
                .step(leader.success(C, 1, second))
                .run();
        assertThat(leader.reads).extracting(ReadState::requestId).containsExactly(1L, 2L);
    }

    @Test
    void itWaitsForTheFirstCommitOfTheTerm() {
        TestMember leader = TestMember.of(List.of(A, B, C), 1, 1, 1);
        leader.tick(ELECTION_TICKS).run();
        leader.step(new VoteResponse(B, A, 2, true, true)).run();
        leader.step(new VoteResponse(B, A, 2, true, false)).run().sent();
        leader.raft.readIndex(1);
        assertThat(leader.run().sent()).isEmpty();
        leader.step(leader.success(B, 3, 0)).run();
        long context = contextSentTo(leader);
        leader.step(leader.success(B, 3, context)).run();
        assertThat(leader.reads).containsExactly(new ReadState(1, 3));
    }

    @Test
    void whenItsMessagesAreLostHeartbeatsAskAgain() {
        TestMember leader = leaderOfFive();
        leader.raft.readIndex(1);
        long context = contextSentTo(leader.run());
        leader.tick(HEARTBEAT_TICKS).run();
        assertThat(contextSentTo(leader)).isEqualTo(context);
    }

    @Test
    void appendsCarryIt() {
        TestMember leader = leaderOfFive();
        leader.raft.readIndex(1);
        leader.propose("x");
        assertThat(leader.run().sentTo(B, AppendEntries.class)).singleElement().satisfies(append -> {
            assertThat(append.entries()).hasSize(1);
            assertThat(append.readContext()).isNotZero();
        });
    }

    @Test
    void aFollowerAnswersItBeforeItsDiskDoes() {
        TestMember member = TestMember.follower();
        Entry entry = new Entry(1, 1, Entry.Type.COMMAND, new byte[0]);
        Ready ready = member.step(new AppendEntries(B, A, 1, 0, 0, List.of(entry), 0, 9))
                .takeReady();
        assertThat(ready.messages()).containsExactly(new AppendResponse(A, B, 1, true, 0, 0, 0, 9));
        assertThat(ready.messagesAfterPersist()).containsExactly(new AppendResponse(A, B, 1, true, 1, 0, 0, 0));
    }

    @Test
    void aRefusedAppendConfirmsReadsToo() {
        TestMember leader = TestMember.of(List.of(A, B, C), 1).elect(B);
        leader.raft.readIndex(1);
        long context = contextSentTo(leader.run());
        leader.step(new AppendResponse(C, A, 2, false, 1, 0, 0, context)).run();
        assertThat(leader.reads).containsExactly(new ReadState(1, 1));
    }

    @Test
    void learnersAndStrangersDoNotConfirm() {
        Membership membership = new Membership(Set.of(A, B, C), Set.of(), Set.of(D));
        TestMember leader =
                new TestMember(TestMember.config(), new HardState(1, null), membership, new MemoryLog(), 0).elect(B);
        leader.raft.readIndex(1);
        long context = contextSentTo(leader.run());
        leader.step(leader.success(D, 1, context))
                .step(leader.success(E, 1, context))
                .run();
        assertThat(leader.reads).isEmpty();
        leader.step(leader.success(C, 1, context)).run();
        assertThat(leader.reads).hasSize(1);
    }

    @Test
    void contextsOfEarlierTermsNeverComeBack() {
        TestMember leader = TestMember.of(List.of(A, B, C), 1).elect(B);
        leader.raft.readIndex(1);
        long first = contextSentTo(leader.run());
        leader.step(append(3, 0, 0, 0)).run();
        leader.tick(ELECTION_TICKS).elect(B);
        leader.raft.readIndex(2);
        assertThat(contextSentTo(leader.run())).isGreaterThan(first);
    }

    @Test
    void anAppendOfAnEarlierTermIsAnsweredWithoutItsContext() {
        // Its sender may lead again, in the term of the answer.
        TestMember member = TestMember.of(List.of(A, B, C), 3);
        member.step(new AppendEntries(B, A, 2, 0, 0, List.of(), 0, 7)).run();
        assertThat(member.sent()).containsExactly(new AppendResponse(A, B, 3, false, 0, 0, 0, 0));
    }

    @Test
    void withLeadershipTheReadsAreLost() {
        TestMember leader = leaderOfFive();
        leader.raft.readIndex(1);
        leader.run();
        leader.raft.readIndex(2);
        leader.step(append(9, 0, 0, 0)).run();
        assertThat(leader.lostReads).containsExactly(1L, 2L);
        assertThat(leader.reads).isEmpty();
    }

    @Test
    void aSingleVoterConfirmsByItself() {
        TestMember leader = TestMember.of(List.of(A), 1).elect();
        leader.raft.readIndex(1);
        assertThat(leader.run().reads).containsExactly(new ReadState(1, 1));
    }

    @Test
    void theNumberOfWaitingReadsIsBounded() {
        TestMember leader = leaderOfFive();
        for (long id = 0; id < ReadQueue.MAX_READS; id++) {
            assertThat(leader.raft.readIndex(id)).isTrue();
        }
        assertThat(leader.raft.readIndex(-1)).isFalse();
        long context = contextSentTo(leader.run());
        leader.step(leader.success(B, 1, context))
                .step(leader.success(D, 1, context))
                .run();
        assertThat(leader.reads).hasSize(ReadQueue.MAX_READS);
        assertThat(leader.raft.readIndex(-1)).isTrue();
    }

    private static TestMember leaderOfFive() {
        return TestMember.of(List.of(A, B, C, D, E), 1).elect(B, C);
    }

    private static long contextSentTo(TestMember leader) {
        List<AppendEntries> round = leader.sent(AppendEntries.class);
        assertThat(round).extracting(AppendEntries::readContext).doesNotContain(0L);
        return round.getFirst().readContext();
    }
}
