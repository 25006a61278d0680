package dev.quorate.raft;

import static dev.quorate.raft.TestMember.A;
import static dev.quorate.raft.TestMember.B;
import static dev.quorate.raft.TestMember.C;
import static dev.quorate.raft.TestMember.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quorate.raft.Message.AppendEntries;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Storage that is written while the core goes on (§10.2.1 of the dissertation). */
class PersistenceTest {
    @Test
    void theLeaderSendsBeforeItHasWritten() {
        TestMember leader = leader();
        leader.propose("x");
        Ready ready = leader.takeReady();
        assertThat(ready.entries()).hasSize(1);
        assertThat(ready.messages()).hasSize(2).allMatch(AppendEntries.class::isInstance);
    }

    @Test
    void theLeadersOwnCopyCountsOnceItIsWritten() {
        TestMember leader = leader();
        leader.propose("x");
        leader.takeReady();
        leader.step(leader.success(B, 2, 0));
        assertThat(leader.status().commitIndex()).isEqualTo(1);
        leader.persistAll();
        assertThat(leader.status().commitIndex()).isEqualTo(2);
    }

    @Test
    void followersAloneCanCommit_butOnlyWhatIsWrittenIsApplied() {
        TestMember leader = leader();
        leader.propose("x");
        leader.takeReady();
        leader.step(leader.success(B, 2, 0)).step(leader.success(C, 2, 0));
        assertThat(leader.status().commitIndex()).isEqualTo(2);
        assertThat(leader.takeReady().committed()).isEmpty();
        leader.persistAll();
        assertThat(leader.takeReady().committed()).extracting(Entry::index).containsExactly(2L);
    }

    @Test
    void aFollowerAppliesOnlyWhatItHasWritten() {
        TestMember member = TestMember.follower();
        member.step(append(1, 0, 0, 2, 1, 1)).takeReady();
        assertThat(member.status().commitIndex()).isEqualTo(2);
        assertThat(member.raft.hasReady()).isFalse();
        member.persistAll();
        assertThat(member.run().appliedIndexes()).containsExactly(1L, 2L);
    }

    @Test
    void confirmationsMayComeTogether() {
        TestMember member = TestMember.follower();
        member.step(append(1, 0, 0, 0, 1)).takeReady();
        member.step(append(1, 1, 1, 0, 1)).takeReady();
        Ready last = member.step(append(1, 2, 1, 3, 1)).takeReady();
        member.log.append(List.of(entry(1, 1), entry(2, 1), entry(3, 1)));
        member.raft.persisted(last.number());
        assertThat(member.takeReady().committed()).hasSize(3);
    }

    @Test
    void anOverwrittenEntryIsNotDurable() {
        TestMember member = TestMember.follower();
        member.step(append(1, 0, 0, 0, 1, 1)).takeReady();
        member.step(append(2, 1, 1, 2, 2)).takeReady();
        member.persistOne();
        assertThat(member.takeReady().committed())
                .as("entry 2 of term 1 was written, that of term 2 was not")
                .hasSize(1);
        member.persistAll();
        assertThat(member.takeReady().committed()).containsExactly(entry(2, 2));
    }

    @Test
    void anEntryThatWasCutAndCameBackIsNotDurableByItsFirstWrite() {
        TestMember member = TestMember.follower();
        member.step(append(1, 0, 0, 0, 1, 1)).takeReady();
        member.step(append(2, 1, 1, 0, 2)).takeReady();
        // The leader of term 3 has what the one of term 1 sent.
        member.step(append(3, 1, 1, 2, 1, 3)).takeReady();
        member.persistOne();
        assertThat(member.takeReady().committed())
                .as("the cut of term 2 is still to be written")
                .hasSize(1);
        member.persistAll();
        assertThat(member.takeReady().committed()).containsExactly(entry(2, 1));
    }

    @Test
    void eachEntryIsWrittenOnce() {
        TestMember leader = leader();
        leader.propose("x");
        assertThat(leader.takeReady().entries()).extracting(Entry::index).containsExactly(2L);
        leader.propose("y");
        assertThat(leader.takeReady().entries()).extracting(Entry::index).containsExactly(3L);
        assertThat(leader.takeReady().mustPersist()).isFalse();
    }

    @Test
    void readiesAreNumberedFromOne() {
        TestMember member = TestMember.follower();
        assertThat(member.takeReady().number()).isEqualTo(1);
        assertThat(member.takeReady().number()).isEqualTo(2);
    }

    @Test
    void aSingleVoterCommitsByItsOwnDisk() {
        TestMember member = TestMember.of(List.of(A), 1).elect();
        member.propose("x");
        Ready ready = member.takeReady();
        assertThat(ready.messages()).isEmpty();
        assertThat(member.status().commitIndex()).isEqualTo(1);
        member.persistAll();
        assertThat(member.run().appliedIndexes()).containsExactly(1L, 2L);
    }

    @Test
    void aRestartGoesOnFromWhatIsWritten() {
        TestMember member = new TestMember(
                TestMember.config(),
                new HardState(3, B),
                Membership.ofVoters(Set.of(A, B, C)),
                MemoryLog.ofTerms(1, 2, 3),
                2);
        assertThat(member.status().commitIndex()).isEqualTo(2);
        assertThat(member.status().appliedIndex()).isEqualTo(2);
        member.step(append(3, 3, 3, 3)).run();
        assertThat(member.appliedIndexes()).containsExactly(3L);
    }

    @Test
    void contradictionsAreViolations() {
        TestMember leader = leader();
        assertThatThrownBy(() -> leader.raft.persisted(99)).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> leader.raft.applied(99)).isInstanceOf(InvariantViolation.class);
        Membership voters = Membership.ofVoters(Set.of(A));
        assertThatThrownBy(
                        () -> new TestMember(TestMember.config(), HardState.INITIAL, voters, MemoryLog.ofTerms(1), 1))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("term");
        assertThatThrownBy(() ->
                        new TestMember(TestMember.config(), new HardState(1, null), voters, MemoryLog.ofTerms(1), 2))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("ahead of the log");
        MemoryLog compacted = MemoryLog.ofTerms(1, 1, 1);
        compacted.compactTo(2);
        assertThatThrownBy(() -> new TestMember(TestMember.config(), new HardState(1, null), voters, compacted, 1))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("beyond the state machine");
    }

    private static Entry entry(long index, long term) {
        return new Entry(index, term, Entry.Type.COMMAND, new byte[0]);
    }

    private static TestMember leader() {
        return TestMember.of(List.of(A, B, C), 1).elect(B, C);
    }
}
