package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.D;
import static dev.quorate.raft.TestMember.E;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class QuorumTest {
    private static final Membership JOINT = new Membership(Set.of(A, B, C), Set.of(C, D, E), Set.of());

    @Property
    void aMajorityHasReachedTheValueAndNoneAGreaterOne(@ForAll @Size(min = 1, max = 9) long[] values) {
        long reached = Quorum.reachedByMajority(values.clone(), values.length);
        assertThat(Arrays.stream(values).filter(value -> value >= reached).count())
                .isGreaterThan(values.length / 2);
        assertThat(Arrays.stream(values).filter(value -> value > reached).count())
                .isLessThanOrEqualTo(values.length / 2);
    }

    @Test
    void noVotersAreReachedByAnything() {
        assertThat(Quorum.reachedByMajority(new long[0], 0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aVoteIsPendingUntilAMajorityAgrees() {
        Membership three = Membership.ofVoters(Set.of(A, B, C));
        assertThat(Quorum.tally(three, Map.of(A, true))).isEqualTo(Quorum.Vote.PENDING);
        assertThat(Quorum.tally(three, Map.of(A, true, B, false))).isEqualTo(Quorum.Vote.PENDING);
        assertThat(Quorum.tally(three, Map.of(A, true, D, true))).isEqualTo(Quorum.Vote.PENDING);
        assertThat(Quorum.tally(three, Map.of(A, true, C, true))).isEqualTo(Quorum.Vote.WON);
        assertThat(Quorum.tally(three, Map.of(A, false, C, false))).isEqualTo(Quorum.Vote.LOST);
    }

    @Test
    void aJointVoteNeedsBothMajorities() {
        assertThat(Quorum.tally(JOINT, Map.of(A, true, B, true))).isEqualTo(Quorum.Vote.PENDING);
        assertThat(Quorum.tally(JOINT, Map.of(A, true, C, true, D, true))).isEqualTo(Quorum.Vote.WON);
        assertThat(Quorum.tally(JOINT, Map.of(A, true, B, true, D, false, E, false)))
                .isEqualTo(Quorum.Vote.LOST);
    }

    @Test
    void aJointCommitNeedsBothMajorities() {
        ProgressTracker tracker = new ProgressTracker(A, JOINT, 1, TestMember.config());
        tracker.get(A).matched(10, 0);
        tracker.get(B).matched(9, 0);
        assertThat(tracker.quorumMatchIndex()).isZero();
        tracker.get(D).matched(7, 0);
        tracker.get(E).matched(8, 0);
        assertThat(tracker.quorumMatchIndex()).isEqualTo(7);
    }
}
