package dev.quorate.cli.nemesis;

/** A promise that the cluster did not keep, in words. */
public final class Violation extends RuntimeException {
    private final long round;

    Violation(String message) {
        this(0, message);
    }

    private Violation(long round, String message) {
        super(message);
        this.round = round;
    }

    Violation in(long newRound) {
        return new Violation(newRound, "round " + newRound + ": " + getMessage());
    }

    /** The number of the round in which it came to light; 0 before the first one. */
    public long round() {
        return round;
    }
}
