package dev.quorate.server.driver;

import dev.quorate.store.ApplyResult;
import java.util.UUID;

/** What became of a proposal. */
public sealed interface Outcome {
    /** It was committed and applied here. */
    record Applied(ApplyResult result) implements Outcome {}

    /**
     * It never entered the log: this member does not lead. Nothing took effect.
     *
     * @param leader or null when unknown
     */
    record NotLeader(UUID leader) implements Outcome {}

    /**
     * It never entered the log: too much is under way. Nothing took effect.
     *
     * @param handingOver it was only that leadership is being handed over, which ends soon
     */
    record Busy(boolean handingOver) implements Outcome {}

    /** Another leader's entry took its place in the log: it will never take effect. */
    record Overwritten() implements Outcome {}

    /** A snapshot took the place of the part of the log that would tell, or the member stopped. */
    record Unknown() implements Outcome {}
}
