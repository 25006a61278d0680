package dev.quorate.server.redis;

/** Bytes that are no RESP request. What follows them can't be understood, so the connection ends. */
final class ProtocolViolation extends Exception {
    ProtocolViolation(String message) {
        super(message, null, false, false);
    }
}
