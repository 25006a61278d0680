package dev.quorate.server;

/** Why a node can't start, in words for people: what was found, and what to do. Nothing on its disk was changed. */
public final class NodeStartException extends Exception {
    private static final long serialVersionUID = 1L;

    NodeStartException(String message) {
        super(message);
    }

    NodeStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
