package dev.quorate.history;

/** What a check found. */
public sealed interface Verdict {
    /** @throws AssertionError unless linearizable, with the explanation; undecided is no success */
    default void orThrow() {
        switch (this) {
            case Linearizable ok -> {}
            case Violation violation -> throw new AssertionError(violation.explanation());
            case Undecided undecided -> throw new AssertionError(undecided.reason());
        }
    }

    /**
     * @param operations checked
     * @param configurations visited: a measure of the work
     */
    record Linearizable(int operations, long configurations) implements Verdict {}

    /** No order of these operations on the key explains their answers. */
    record Violation(String key, String explanation) implements Verdict {}

    /** The limits were used up at this key; no violation was found before. */
    record Undecided(String key, String reason) implements Verdict {}
}
