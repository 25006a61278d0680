package dev.quorate.mapreduce.job;

/** An attempt that failed. The message names the task, the record and the cause. */
public final class AttemptException extends Exception {
    private final long record;

    /**
     * @param record number of the record in the task, from 0; -1 when no record is to blame
     */
    AttemptException(String message, long record, Throwable cause) {
        super(message, cause);
        this.record = record;
    }

    /** What went wrong around the task rather than in it. */
    public static AttemptException of(AttemptContext context, Throwable cause) {
        return Failures.inTask(context, context.attempt(), cause);
    }

    /** Number of the record in the task, from 0; -1 when no record is to blame. */
    public long record() {
        return record;
    }
}
