package dev.quorate.mapreduce.schedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The state of a task. */
final class Task {
    /** An attempt under way. */
    static final class Execution {
        final AttemptId id;
        final String worker;
        final long startedMillis;
        double progress;
        long records;
        String status = "";
        long movedMillis;

        Execution(AttemptId id, String worker, long startedMillis) {
            this.id = id;
            this.worker = worker;
            this.startedMillis = startedMillis;
            this.movedMillis = startedMillis;
        }

        /**
         * Time to its end at the pace so far; long, but not for ever, while it has not shown any. Of one that has read all of its input and goes on it is known how long its
         * worker takes for others, and when that is over, how long it is overdue: it is taken to need as long again.
         *
         * @param meanMillis that others took; negative when none has ended
         * @param slowness of its worker
         */
        double remainingMillis(long nowMillis, double meanMillis, double slowness) {
            long ranMillis = nowMillis - startedMillis;
            if (progress >= 1) {
                return meanMillis < 0 ? 0 : Math.max(meanMillis * slowness - ranMillis, ranMillis - meanMillis);
            }
            double done = Math.max(progress, 0.01);
            return ranMillis * (1 - done) / done;
        }
    }

    final TaskId id;
    /** Invariant: empty when committed. */
    final Map<AttemptId, Execution> executions = new LinkedHashMap<>();

    /** Of records that are still tried. */
    final Map<Long, Integer> failuresByRecord = new HashMap<>();

    final TreeSet<Long> skipped = new TreeSet<>();
    int failures;
    /** Attempts that ended with their worker, but for those that the records left out since are to blame for. */
    int deaths;
    /** How often workers ended at the records that are still tried. */
    final Map<Long, Integer> deathsByRecord = new HashMap<>();

    /** Attempts that have failed: a worker that still runs one is not listened to. */
    final Set<AttemptId> failed = new HashSet<>();

    int numbered;
    /** The one being written down; null when none. */
    AttemptId committing;
    /** Null when open. */
    AttemptId committed;

    String committedOn;

    Task(TaskId id) {
        this.id = id;
    }

    boolean waiting() {
        return committed == null && executions.isEmpty();
    }

    /** Of the attempt that is farthest; 0 when none runs. */
    double progress() {
        double most = 0;
        for (Execution execution : executions.values()) {
            most = Math.max(most, execution.progress);
        }
        return most;
    }

    /**
     * @param meanMillis that others took; negative when none has ended
     * @param paces of the workers
     */
    List<JobStatus.AttemptStatus> attempts(long nowMillis, double meanMillis, Paces paces) {
        List<JobStatus.AttemptStatus> attempts = new ArrayList<>();
        for (Execution execution : executions.values()) {
            attempts.add(new JobStatus.AttemptStatus(
                    execution.id,
                    execution.worker,
                    execution.progress,
                    execution.records,
                    nowMillis - execution.startedMillis,
                    meanMillis > 0
                            && execution.remainingMillis(nowMillis, meanMillis, paces.slowness(execution.worker))
                                    > 2 * meanMillis,
                    !attempts.isEmpty(),
                    execution.status));
        }
        return attempts;
    }

    /**
     * @param found those of a worker are added
     */
    void attemptsOn(String worker, List<AttemptId> found) {
        for (Execution execution : executions.values()) {
            if (execution.worker.equals(worker)) {
                found.add(execution.id);
            }
        }
    }

    List<Long> skips() {
        return new ArrayList<>(skipped);
    }
}
