package dev.quorate.mapreduce.schedule;

/**
 * @param attemptsMax failures of a task that fail the job
 * @param skippedMax records that the job may leave out
 * @param backups whether attempts that are slow get a second one beside them
 * @param workerLostMillis a worker not heard of for so long is gone
 * @param stalledMillis an attempt that processed nothing for so long has failed
 */
public record Policy(int attemptsMax, int skippedMax, boolean backups, long workerLostMillis, long stalledMillis) {
    /** Failures on one record, or ends of workers at it, before it is left out. */
    static final int FAILURES_TO_SKIP = 2;

    /** Workers lost at a task before it is taken to kill them. */
    static final int DEATHS_MAX = 10;

    public static final Policy DEFAULT = new Policy(4, 0, true, 10_000, 600_000);

    public Policy withBackups(boolean wanted) {
        return new Policy(attemptsMax, skippedMax, wanted, workerLostMillis, stalledMillis);
    }

    public Policy withSkippedMax(int max) {
        return new Policy(attemptsMax, max, backups, workerLostMillis, stalledMillis);
    }
}
