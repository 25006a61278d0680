package dev.quorate.raft.sim;

/** A property does not hold. */
final class Violation extends AssertionError {
    Violation(String property, String message) {
        super(property + ": " + message);
    }
}
