package dev.quorate.raft;

/**
 * The core found its own state, its driver or a peer in contradiction to what Raft guarantees. Going on could lose acknowledged writes: the
 * driver must halt this group's member at once, neither persisting nor sending anything that the core handed out since. It is thrown before
 * the state is touched wherever that is possible, and the core refuses nothing afterwards, so do not call it again.
 */
public final class InvariantViolation extends RuntimeException {
    public InvariantViolation(String message) {
        super(message);
    }

    static void check(boolean holds, String message) {
        if (!holds) {
            throw new InvariantViolation(message);
        }
    }

    static void check(boolean holds, String message, long left, long right) {
        if (!holds) {
            throw new InvariantViolation(message + ": " + left + ", " + right);
        }
    }
}
