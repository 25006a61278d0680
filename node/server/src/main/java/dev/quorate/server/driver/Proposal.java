package dev.quorate.server.driver;

import java.util.concurrent.CompletableFuture;

/** A command on its way through the log. The outcome may never come (no quorum): who waits has a deadline of their own. */
public final class Proposal {
    private final byte[] command;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private long term;
    private Proposal earlierAtIndex;

    public Proposal(byte[] command) {
        this.command = command;
    }

    byte[] command() {
        return command;
    }

    /** Completed on a thread of the driver: continuations must not block. */
    public CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    /** The term it was appended in. */
    long term() {
        return term;
    }

    /** A proposal that this member appended at the same index in an earlier term, or null. */
    Proposal earlierAtIndex() {
        return earlierAtIndex;
    }

    void appendedIn(long newTerm, Proposal earlier) {
        term = newTerm;
        earlierAtIndex = earlier;
    }

    void complete(Outcome result) {
        outcome.complete(result);
    }
}
