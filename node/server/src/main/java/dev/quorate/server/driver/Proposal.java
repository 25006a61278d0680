package dev.quorate.server.driver;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A command on its way through the log. The outcome may never come (no quorum): who waits has a deadline of their own. */
final class Proposal {
    private static final Logger LOG = LoggerFactory.getLogger(Proposal.class);

    private final byte[] command;
    private final Consumer<Outcome> onOutcome;
    private final AtomicBoolean completed = new AtomicBoolean();
    private long term;
    private Proposal earlierAtIndex;

    /** @param onOutcome called once, if at all, mostly on a thread of the driver: must not block */
    Proposal(byte[] command, Consumer<Outcome> onOutcome) {
        this.command = command;
        this.onOutcome = onOutcome;
    }

    byte[] command() {
        return command;
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

    /** The first outcome counts. */
    void complete(Outcome outcome) {
        if (completed.compareAndSet(false, true)) {
            try {
                onOutcome.accept(outcome);
            } catch (RuntimeException e) {
                LOG.error("event=outcome_not_taken outcome={}", outcome, e);
            }
        }
    }
}
