package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.D;
import static dev.quorate.raft.TestMember.ELECTION_TICKS;
import static dev.quorate.raft.TestMember.HEARTBEAT_TICKS;
import static dev.quorate.raft.TestMember.append;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.raft.Message.AppendEntries;
import dev.quorate.raft.Message.ReadIndexRequest;
import dev.quorate.raft.Message.ReadIndexResponse;
import dev.quorate.raft.Ready.ReadState;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Linearizable reads at a follower or learner: it asks its leader (§6.4 of the dissertation). */
class ForwardedReadTest {
    @Test
    void readsThatComeTogetherAskOnceAndAreAnsweredTogether() {
        TestMember follower = following();
        assertThat(follower.raft.readIndexThroughLeader(1)).isTrue();
        assertThat(follower.raft.readIndexThroughLeader(2)).isTrue();
        long readId = onlyRequest(follower.run()).readId();
        follower.step(new ReadIndexResponse(B, A, 1, readId, true, 7)).run();
        assertThat(follower.reads).containsExactly(new ReadState(1, 7), new ReadState(2, 7));
        assertThat(follower.sent()).isEmpty();
    }

    @Test
    void aLearnerAsksToo() {
        TestMember learner = new TestMember(
                TestMember.config(),
                new HardState(1, null),
                Membership.of(Set.of(B, C), Set.of(A)),
                new MemoryLog(),
                0);
        learner.step(append(1, 0, 0, 0)).run().sent();
        assertThat(learner.raft.readIndexThroughLeader(1)).isTrue();
        onlyRequest(learner.run());
    }

    @Test
    void withoutALeaderThereIsNobodyToAsk() {
        assertThat(TestMember.follower().raft.readIndexThroughLeader(1)).isFalse();
        TestMember follower = following();
        follower.tick(ELECTION_TICKS).run();
        assertThat(follower.raft.readIndexThroughLeader(1)).isFalse();
    }

    @Test
    void anAnswerServesTheReadsThatCameBeforeItsRequestAndNoOthers() {
        TestMember follower = following();
        long first = ask(follower, 1);
        long second = ask(follower, 2);
        long third = ask(follower, 3);
        assertThat(List.of(second, third)).containsExactly(first + 1, first + 2);
        follower.step(new ReadIndexResponse(B, A, 1, second, true, 4)).run();
        assertThat(follower.reads).containsExactly(new ReadState(1, 4), new ReadState(2, 4));
    }

    @Test
    void anAnswerOfAnotherLifeServesNothing() {
        TestMember follower = following();
        long readId = ask(follower, 1);
        follower.step(new ReadIndexResponse(B, A, 1, readId - 1, true, 4)).run();
        follower.step(new ReadIndexResponse(B, A, 1, readId + 1, true, 4)).run();
        assertThat(follower.reads).isEmpty();
    }

    @Test
    void itAsksAgainWithANewIdAndTheAnswerToEitherWillDo() {
        TestMember follower = following();
        long readId = ask(follower, 1);
        follower.tick(HEARTBEAT_TICKS + 1).run();
        long again = onlyRequest(follower).readId();
        assertThat(again).isGreaterThan(readId);
        follower.step(new ReadIndexResponse(B, A, 1, again, true, 4)).run();
        follower.step(new ReadIndexResponse(B, A, 1, readId, true, 3)).run();
        assertThat(follower.reads).containsExactly(new ReadState(1, 4));
    }

    @Test
    void aRefusalLosesThem() {
        TestMember follower = following();
        long readId = ask(follower, 1);
        follower.step(new ReadIndexResponse(B, A, 1, readId, false, 0)).run();
        assertThat(follower.lostReads).containsExactly(1L);
    }

    @Test
    void afterAnElectionTimeOutWithoutAnAnswerTheyAreLost() {
        TestMember follower = following();
        ask(follower, 1);
        follower.tick(ELECTION_TICKS / 2)
                .step(append(1, 0, 0, 0))
                .tick(ELECTION_TICKS / 2 - 1)
                .run();
        assertThat(follower.lostReads).isEmpty();
        follower.tick(1).run();
        assertThat(follower.lostReads).containsExactly(1L);
    }

    @Test
    void anotherLeaderLosesThem() {
        TestMember follower = following();
        long readId = ask(follower, 1);
        follower.raft.readIndexThroughLeader(2);
        follower.step(new AppendEntries(C, A, 2, 0, 0, List.of(), 0, 0)).run();
        assertThat(follower.lostReads).containsExactly(1L, 2L);
        follower.step(new ReadIndexResponse(B, A, 1, readId, true, 4)).run();
        assertThat(follower.reads).isEmpty();
    }

    @Test
    void aLeaderAnswersOnceAQuorumHasConfirmedIt() {
        TestMember leader = TestMember.of(List.of(A, B, C), 1).elect(B, C);
        leader.step(new ReadIndexRequest(B, A, 2, 77)).run();
        long context = leader.sent(AppendEntries.class).getLast().readContext();
        assertThat(context).isPositive();
        leader.step(leader.success(C, 1, context)).run();
        assertThat(leader.sent(ReadIndexResponse.class)).containsExactly(new ReadIndexResponse(A, B, 2, 77, true, 1));
    }

    @Test
    void aLeaderThatHasCommittedNothingInItsTermWaits() {
        TestMember leader = TestMember.of(List.of(A, B, C), 1, 1, 1);
        leader.tick(ELECTION_TICKS).run();
        leader.step(new Message.VoteResponse(B, A, 2, true, true)).run();
        leader.step(new Message.VoteResponse(B, A, 2, true, false)).run().sent();
        leader.step(new ReadIndexRequest(B, A, 2, 1)).run();
        leader.step(new ReadIndexRequest(B, A, 2, 2)).run();
        assertThat(leader.sent()).isEmpty();
        leader.acknowledge(C);
        long context = leader.sent(AppendEntries.class).getLast().readContext();
        leader.step(leader.success(C, 3, context)).run();
        assertThat(leader.sent(ReadIndexResponse.class))
                .as("the later request stands for both")
                .containsExactly(new ReadIndexResponse(A, B, 2, 2, true, 3));
    }

    @Test
    void whoDoesNotLeadOrAnswersStrangersRefuses() {
        TestMember follower = following();
        follower.step(new ReadIndexRequest(C, A, 1, 5)).run();
        assertThat(follower.sent()).containsExactly(new ReadIndexResponse(A, C, 1, 5, false, 0));
        TestMember leader = TestMember.of(List.of(A, B, C), 1).elect(B, C);
        leader.step(new ReadIndexRequest(D, A, 2, 5)).run();
        assertThat(leader.sent()).containsExactly(new ReadIndexResponse(A, D, 2, 5, false, 0));
    }

    @Test
    void anEarlierTermIsToldTheLaterOne() {
        TestMember leader = TestMember.of(List.of(A, B, C), 1).elect(B, C);
        leader.step(new ReadIndexRequest(B, A, 1, 5)).run();
        assertThat(leader.sent()).containsExactly(new ReadIndexResponse(A, B, 2, 5, false, 0));
    }

    /** Of B, in term 1. */
    private static TestMember following() {
        TestMember follower = TestMember.follower();
        follower.step(append(1, 0, 0, 0)).run().sent();
        return follower;
    }

    private static long ask(TestMember follower, long requestId) {
        assertThat(follower.raft.readIndexThroughLeader(requestId)).isTrue();
        return onlyRequest(follower.run()).readId();
    }

    private static ReadIndexRequest onlyRequest(TestMember follower) {
        List<ReadIndexRequest> requests = follower.sent(ReadIndexRequest.class);
        assertThat(requests).hasSize(1);
        assertThat(requests.getFirst().to()).isEqualTo(B);
        return requests.getFirst();
    }
}
