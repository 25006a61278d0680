package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.server.Comparison.Verdict;
import dev.quorate.store.ScrubResult;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final UUID A = new UUID(0, 1);
    private static final UUID B = new UUID(0, 2);
    private static final UUID C = new UUID(0, 3);
    private static final UUID D = new UUID(0, 4);
    private static final UUID E = new UUID(0, 5);

    private final Map<UUID, ScrubResult> results = new HashMap<>();

    private ComparisonTest has(UUID member, long digest) {
        results.put(member, new ScrubResult(7, 0, digest, 0, null));
        return this;
    }

    private ComparisonTest damaged(UUID member) {
        results.put(member, new ScrubResult(7, 0, 0, 0, "a block's checksum"));
        return this;
    }

    private Verdict among(UUID... voters) {
        return new Comparison(0, 7, Set.of(voters), results).verdict();
    }

    @Test
    void equalIsEqualWhoeverAnswers() {
        assertThat(has(A, 1).has(B, 1).among(A, B, C)).isEqualTo(new Verdict.Equal());
    }

    @Test
    void oneAgainstAllOthersIsOdd() {
        assertThat(has(A, 1).has(B, 2).has(C, 1).among(A, B, C)).isEqualTo(new Verdict.Odd(B));
    }

    @Test
    void whatCannotBeReadIsOddToo() {
        assertThat(has(A, 1).damaged(B).has(C, 1).among(A, B, C)).isEqualTo(new Verdict.Odd(B));
    }

    @Test
    void aLearnerMayBeOdd() {
        assertThat(has(A, 1).has(B, 1).has(C, 1).has(D, 2).among(A, B, C)).isEqualTo(new Verdict.Odd(D));
    }

    @Test
    void oneAgainstOneIsUndecided() {
        assertThat(has(A, 1).has(B, 2).among(A, B)).isEqualTo(new Verdict.Undecided());
        assertThat(has(A, 1).has(B, 2).among(A, B, C)).isEqualTo(new Verdict.Undecided());
    }

    @Test
    void theOnlyReplicaIsEqualOrDamaged() {
        assertThat(has(A, 1).among(A)).isEqualTo(new Verdict.Equal());
        assertThat(damaged(A).among(A)).isEqualTo(new Verdict.Undecided());
        assertThat(new Comparison(0, 7, Set.of(A), results).words(_ -> "a"))
                .isEqualTo("shard 0 at index 7: the only replica is damaged (a damaged)");
    }

    @Test
    void whoIsOddAmongTheRestOfAGroupThatDoesNotAnswerWholeStays() {
        assertThat(has(A, 1).has(B, 1).has(C, 1).has(D, 2).among(A, B, C, D, E))
                .isEqualTo(new Verdict.Suspects(Set.of(D)));
    }

    @Test
    void severalThatDifferStay() {
        assertThat(has(A, 1).has(B, 1).has(C, 1).has(D, 2).has(E, 3).among(A, B, C, D, E))
                .isEqualTo(new Verdict.Suspects(Set.of(D, E)));
    }
}
