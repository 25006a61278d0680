package dev.quorate.mapreduce.schedule;

/** What happens to a job. Every event carries when: milliseconds of any clock that does not go back. */
public sealed interface Event {
    long atMillis();

    /**
     * A worker has room.
     *
     * @param node where it runs
     * @param slots how many attempts it could start
     */
    record Ask(long atMillis, String worker, String node, int slots) implements Event {}

    /**
     * A worker says that an attempt runs. The scheduler may not know it yet: another coordinator started it.
     *
     * @param progress 0 to 1
     * @param records processed
     * @param status what the attempt says of itself, for people; empty for nothing
     */
    record Running(long atMillis, AttemptId attempt, String worker, double progress, long records, String status)
            implements Event {}

    /** An attempt has its result. */
    record Finished(long atMillis, AttemptId attempt, String worker) implements Event {}

    /** This attempt is the one of its task that counts, durably. */
    record Committed(long atMillis, AttemptId attempt, String worker) implements Event {}

    /**
     * An attempt failed by its own doing.
     *
     * @param record number of the record that it failed on, from 0; -1 when unknown
     * @param reason for people
     */
    record Failed(long atMillis, AttemptId attempt, long record, String reason) implements Event {}

    /** An attempt ended for reasons that are not its own. */
    record Lost(long atMillis, AttemptId attempt) implements Event {}

    /**
     * An attempt's worker is gone, and the attempt may be the reason.
     *
     * @param record number of the record that it was at, from 0; -1 when unknown or at none
     */
    record Died(long atMillis, AttemptId attempt, long record) implements Event {}

    /** The output of a map's committed attempt can't be had any more. */
    record OutputLost(long atMillis, AttemptId attempt) implements Event {}

    /** Time has passed. */
    record Tick(long atMillis) implements Event {}
}
