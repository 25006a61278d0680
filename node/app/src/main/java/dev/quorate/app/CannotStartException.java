package dev.quorate.app;

/** Why the process can't start, in words for people. */
final class CannotStartException extends RuntimeException {
    CannotStartException(Exception cause) {
        super(cause.getMessage(), cause);
    }
}
