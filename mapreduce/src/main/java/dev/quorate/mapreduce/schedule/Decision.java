package dev.quorate.mapreduce.schedule;

import java.util.List;

/** What is to be done. */
public sealed interface Decision {
    /**
     * @param skip numbers of the records to leave out, in order
     */
    record Start(AttemptId attempt, String worker, List<Long> skip) implements Decision {}

    /** The attempt is not wanted any more. Its worker may not have it. */
    record Cancel(AttemptId attempt, String worker) implements Decision {}

    /** To be written down, and answered with {@link Event.Committed}. */
    record Commit(AttemptId attempt, String worker) implements Decision {}

    /** The attempt's worker is gone. To be answered with {@link Event.Died}, which says what is known of its end. */
    record Inquest(AttemptId attempt) implements Decision {}

    /** A committed map is open again. */
    record Reopen(AttemptId attempt) implements Decision {}

    /** The job has ended; said once. */
    record Succeed() implements Decision {}

    /** The job has ended; said once. */
    record Fail(String reason) implements Decision {}
}
