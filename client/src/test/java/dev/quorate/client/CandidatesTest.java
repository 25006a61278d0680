package dev.quorate.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CandidatesTest {
    private static final Endpoint A = new Endpoint("a", 1);
    private static final Endpoint B = new Endpoint("b", 1);
    private static final Endpoint C = new Endpoint("c", 1);

    private final Candidates candidates = new Candidates(0);

    private Endpoint missNext(List<Endpoint> members) {
        Endpoint next = candidates.next(members);
        candidates.miss(next);
        return next;
    }

    @Test
    void whoeverWasMissedComesLastThoughTheMapChanges() {
        assertThat(missNext(List.of(A, B, C))).isEqualTo(A);
        assertThat(missNext(List.of(B, A, C))).isEqualTo(B);
        assertThat(missNext(List.of(B, A, C))).isEqualTo(C);
        assertThat(missNext(List.of(B, A, C))).as("the next round").isEqualTo(B);
    }

    @Test
    void whatMayBeSlowHasMoreTimeInEachRound() {
        assertThat(candidates.tryMillis()).isEqualTo(1_000);
        for (int round = 1; round <= 5; round++) {
            missNext(List.of(A, B));
            missNext(List.of(A, B));
            candidates.next(List.of(A, B));
            assertThat(candidates.tryMillis()).isEqualTo(round == 1 ? 2_000 : 4_000);
        }
    }

    @Test
    void aReadOfAnyMemberBeginsAnywhere() {
        Candidates anywhere = new Candidates(65_535);
        assertThat(anywhere.next(List.of(A, B, C))).isEqualTo(A);
        assertThat(new Candidates(65_534).next(List.of(A, B, C))).isEqualTo(C);
    }

    @Test
    void thatAllMembersOfAnotherGroupAreNewIsNoNewRound() {
        candidates.miss(A);
        assertThat(candidates.next(List.of(B, C))).isEqualTo(B);
        assertThat(candidates.tryMillis()).isEqualTo(1_000);
    }
}
