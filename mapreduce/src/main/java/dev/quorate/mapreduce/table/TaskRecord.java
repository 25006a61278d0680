package dev.quorate.mapreduce.table;

import java.util.List;
import java.util.Map;

/**
 * What is known of a task for good.
 *
 * @param failures that count
 * @param skipped numbers of the records to leave out, in order
 * @param committed null for a task that was never committed
 * @param lost whether the output of that attempt is gone and the task open again; until another attempt is committed, its counters count and the records that it left out are known
 */
public record TaskRecord(int failures, List<Long> skipped, Committed committed, boolean lost) {
    static final TaskRecord NEW = new TaskRecord(0, List.of(), null, false);

    /**
     * The attempt that counts.
     *
     * @param address where its worker serves a map's output
     */
    public record Committed(String attempt, String worker, String address, Map<String, Map<String, Long>> counters) {}

    /** Whether an attempt of it is still wanted. */
    public boolean open() {
        return committed == null || lost;
    }

    TaskRecord with(Committed newCommitted) {
        return new TaskRecord(failures, skipped, newCommitted, false);
    }

    TaskRecord withFailures(int newFailures, List<Long> newSkipped) {
        return new TaskRecord(newFailures, newSkipped, committed, lost);
    }

    TaskRecord withoutOutput() {
        return new TaskRecord(failures, skipped, committed, true);
    }
}
