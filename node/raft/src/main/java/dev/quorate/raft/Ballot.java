package dev.quorate.raft;

import static dev.quorate.raft.InvariantViolation.check;

import java.util.Objects;
import java.util.UUID;

/** The member's term and its vote in it (figure 2, persistent state), and how much of that the disk has. */
final class Ballot {
    /** [PERSISTENT] Latest term the member has seen. */
    private long term;
    /** [PERSISTENT] Who got the member's vote in this term, or null. */
    private UUID votedFor;

    private HardState written;
    private HardState durable;

    Ballot(HardState state) {
        term = state.term();
        votedFor = state.votedFor();
        written = state;
        durable = state;
    }

    long term() {
        return term;
    }

    UUID votedFor() {
        return votedFor;
    }

    /** A later term begins, without a vote. */
    void enter(long newTerm) {
        check(newTerm > term, "a term would go back", newTerm, term);
        term = newTerm;
        votedFor = null;
    }

    void voteFor(UUID candidate) {
        check(votedFor == null || votedFor.equals(candidate), "a second vote in one term");
        votedFor = candidate;
    }

    boolean isUnwritten() {
        return !isCurrent(written);
    }

    /** What is to be written, once; else null. */
    HardState takeUnwritten() {
        if (isCurrent(written)) {
            return null;
        }
        written = new HardState(term, votedFor);
        return written;
    }

    void persisted(HardState state) {
        durable = state;
    }

    boolean isDurable() {
        return isCurrent(durable);
    }

    private boolean isCurrent(HardState state) {
        return state.term() == term && Objects.equals(state.votedFor(), votedFor);
    }
}
