package dev.quorate.mapreduce.table;

import java.util.List;
import java.util.Map;

/**
 * What is known of a task for good.
 *
 * @param failures that count
 * @param skipped numbers of the records to leave out, in order
 * @param committed null for an open task
 */
public record TaskRecord(int failures, List<Long> skipped, Committed committed) {
    static final TaskRecord NEW = new TaskRecord(0, List.of(), null);

    /**
     * The attempt that counts.
     *
     * @param address where its worker serves a map's output
     */
    public record Committed(String attempt, String worker, String address, Map<String, Map<String, Long>> counters) {}

    TaskRecord with(Committed newCommitted) {
        return new TaskRecord(failures, skipped, newCommitted);
    }
}
