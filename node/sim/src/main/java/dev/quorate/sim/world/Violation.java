package dev.quorate.sim.world;

/** Something that must never be the case is. The run ends here. */
public final class Violation extends RuntimeException {
    private final String invariant;

    /** @param invariant its name, for people; the same for all its violations */
    public Violation(String invariant, String message) {
        this(invariant, message, null);
    }

    public Violation(String invariant, String message, Throwable cause) {
        super(invariant + ": " + message, cause);
        this.invariant = invariant;
    }

    public String invariant() {
        return invariant;
    }
}
