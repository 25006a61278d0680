package dev.quorate.client;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;

/** A call that failed: what happened, and whether it took effect. */
public final class QuorateException extends RuntimeException {
    private final transient Error error;

    public QuorateException(Error error, Throwable cause) {
        super(error.getCode() + " (" + error.getEffect() + "): " + error.getMessage(), cause);
        this.error = error;
    }

    public Error error() {
        return error;
    }

    public Error.Code code() {
        return error.getCode();
    }

    /** NOT_APPLIED: it did not take effect and may be tried again. UNKNOWN: it may have. */
    public Effect effect() {
        return error.getEffect();
    }
}
