package dev.quorate.history;

import java.util.Objects;

/**
 * One operation of one client, from call to return.
 *
 * @param result of an operation that is {@link Outcome#OK}, else null
 * @param callNanos at once before it was sent, on the history's clock
 * @param returnNanos at once after it was answered; {@link #NEVER} if it was not
 */
public record Invocation(
        String client, Operation operation, Result result, long callNanos, long returnNanos, Outcome outcome) {
    /** The time of a return that did not come. */
    public static final long NEVER = Long.MAX_VALUE;

    public Invocation {
        Objects.requireNonNull(client);
        Objects.requireNonNull(operation);
        if ((outcome == Outcome.OK) != (result != null)) {
            throw new IllegalArgumentException(
                    "an operation has a result exactly when it is ok: " + operation + " " + outcome + " " + result);
        }
        if (returnNanos < callNanos || outcome == Outcome.OK && returnNanos == NEVER) {
            throw new IllegalArgumentException(operation + " returns before its call, or is ok without a return: "
                    + callNanos + ", " + returnNanos);
        }
    }

    public static Invocation ok(String client, Operation operation, Result result, long callNanos, long returnNanos) {
        return new Invocation(client, operation, result, callNanos, returnNanos, Outcome.OK);
    }

    public static Invocation failed(String client, Operation operation, long callNanos, long returnNanos) {
        return new Invocation(client, operation, null, callNanos, returnNanos, Outcome.FAILED);
    }

    public static Invocation unknown(String client, Operation operation, long callNanos) {
        return new Invocation(client, operation, null, callNanos, NEVER, Outcome.UNKNOWN);
    }

    public String key() {
        return operation.key();
    }
}
