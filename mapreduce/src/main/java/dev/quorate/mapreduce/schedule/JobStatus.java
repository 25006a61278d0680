package dev.quorate.mapreduce.schedule;

import java.util.List;
import java.util.Map;

/**
 * How far a job is (section 4.8).
 *
 * @param phase being worked on
 * @param running attempts under way
 * @param skippedRecords left out so far
 */
public record JobStatus(
        TaskId.Kind phase, Map<TaskId.Kind, PhaseStatus> phases, List<AttemptStatus> running, int skippedRecords) {
    /**
     * @param running tasks with an attempt under way
     * @param progress 0 to 1
     * @param failures of tasks that failed and are still tried, by name
     */
    public record PhaseStatus(int total, int running, int committed, double progress, Map<String, Integer> failures) {}

    /**
     * @param straggler whether its end is farther away than twice the time that others took
     * @param backup whether it runs beside an earlier attempt of its task
     * @param status what it says of itself; empty for nothing
     */
    public record AttemptStatus(
            AttemptId attempt,
            String worker,
            double progress,
            long records,
            long runMillis,
            boolean straggler,
            boolean backup,
            String status) {}
}
