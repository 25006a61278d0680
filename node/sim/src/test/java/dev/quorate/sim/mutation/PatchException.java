package dev.quorate.sim.mutation;

/** A mutant that does not fit the sources any more, or does not compile. */
final class PatchException extends RuntimeException {
    PatchException(String message) {
        super(message);
    }
}
