package dev.quorate.cli.nemesis;

/** A promise that the cluster did not keep, in words. */
public final class Violation extends RuntimeException {
    Violation(String message) {
        super(message);
    }
}
