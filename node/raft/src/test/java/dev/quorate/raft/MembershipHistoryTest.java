package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.D;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** A server always uses the latest configuration in its log (§6). */
class MembershipHistoryTest {
    private static final Membership OLD = Membership.ofVoters(Set.of(A, B, C));
    private static final Membership NEW = Membership.ofVoters(Set.of(B, C, D));
    private static final Membership JOINT = OLD.enter(NEW);

    private final MembershipHistory history = new MembershipHistory(5, OLD);

    @Test
    void theNewestIsInEffect() {
        history.appended(entry(7, JOINT));
        history.appended(new Entry(8, 1, Entry.Type.COMMAND, new byte[] {9}));
        assertThat(history.current()).isEqualTo(JOINT);
        assertThat(history.currentIndex()).isEqualTo(7);
        history.appended(entry(9, JOINT.leave()));
        assertThat(history.current()).isEqualTo(NEW);
    }

    @Test
    void cuttingTheLogBringsTheOneBeforeBack() {
        history.appended(entry(7, JOINT));
        history.appended(entry(9, JOINT.leave()));
        history.truncatedFrom(9);
        assertThat(history.current()).isEqualTo(JOINT);
        history.truncatedFrom(8);
        assertThat(history.current()).isEqualTo(JOINT);
        history.truncatedFrom(6);
        assertThat(history.current()).isEqualTo(OLD);
    }

    @Test
    void aJointConfigurationIsFollowedByItsOwnNewOne() {
        history.appended(entry(7, JOINT));
        assertThatThrownBy(() -> history.appended(entry(8, OLD))).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void whatIsAppliedCannotBeCut() {
        assertThatThrownBy(() -> history.truncatedFrom(5)).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void theOneOfAnIndexIsTheNewestUpToIt() {
        history.appended(entry(7, JOINT));
        history.appended(entry(9, JOINT.leave()));
        assertThat(history.at(6)).isEqualTo(OLD);
        assertThat(history.at(7)).isEqualTo(JOINT);
        assertThat(history.at(8)).isEqualTo(JOINT);
        assertThat(history.at(20)).isEqualTo(NEW);
        history.applied(8);
        assertThat(history.at(8)).isEqualTo(JOINT);
        assertThat(history.at(9)).isEqualTo(NEW);
    }

    @Test
    void aSnapshotTakesTheirPlace() {
        history.appended(entry(7, JOINT));
        history.restored(new SnapshotMeta(20, 3, NEW));
        assertThat(history.current()).isEqualTo(NEW);
        assertThat(history.currentIndex()).isEqualTo(20);
    }

    @Test
    void whoIsLeftOutMayVoteUntilThatIsCommitted() {
        history.appended(entry(7, JOINT));
        history.appended(entry(9, JOINT.leave()));
        assertThat(history.mayBeVoter(A, 8)).isTrue();
        assertThat(history.mayBeVoter(A, 9)).isFalse();
        assertThat(history.mayBeVoter(D, 9)).isTrue();
    }

    private static Entry entry(long index, Membership membership) {
        return new Entry(index, 1, Entry.Type.MEMBERSHIP, MembershipCodec.encode(membership));
    }
}
