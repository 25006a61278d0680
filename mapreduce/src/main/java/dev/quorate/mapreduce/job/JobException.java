package dev.quorate.mapreduce.job;

/** A job that can't be run, or has failed. The message says what happened and what to do. */
public final class JobException extends Exception {
    public JobException(String message) {
        super(message);
    }

    public JobException(String message, Throwable cause) {
        super(message, cause);
    }
}
