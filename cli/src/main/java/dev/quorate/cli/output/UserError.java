package dev.quorate.cli.output;

/** Something that the user can put right. The message says what happened and what to do next; the command ends with the exit status. */
public final class UserError extends RuntimeException {
    /** It did not work. */
    public static final int FAILED = 1;
    /** The command itself was wrong. */
    public static final int MISUSED = 2;
    /** The command did its part, but the MapReduce job that it was for has failed: to try again is no use. */
    public static final int JOB_FAILED = 10;

    private final int exitStatus;

    private UserError(int exitStatus, String message) {
        super(message, null, false, false);
        this.exitStatus = exitStatus;
    }

    public static UserError failed(String message) {
        return new UserError(FAILED, message);
    }

    public static UserError jobFailed(String message) {
        return new UserError(JOB_FAILED, message);
    }

    public static UserError misused(String message) {
        return new UserError(MISUSED, message);
    }

    public int exitStatus() {
        return exitStatus;
    }
}
