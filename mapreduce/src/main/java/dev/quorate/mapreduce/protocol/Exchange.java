package dev.quorate.mapreduce.protocol;

import java.util.List;
import java.util.Map;

/**
 * A worker's word: {@code POST /exchange}.
 *
 * @param node where it runs
 * @param address where it serves map outputs, {@code host:port/worker}
 * @param freeSlots how many attempts more it could run
 */
public record Exchange(String worker, String node, String address, int freeSlots, List<Report> reports) {
    /** How an attempt is. */
    public enum State {
        RUNNING,
        FINISHED,
        FAILED,
        LOST
    }

    /**
     * @param records processed; of one that failed, the record that it failed on or -1
     * @param reason of one that failed, for people
     * @param lostOutput of one that is lost, the map attempt whose output could not be had, or null
     * @param counters of one that finished
     * @param status what it says of itself, for people
     */
    public record Report(
            String attempt,
            State state,
            double progress,
            long records,
            String reason,
            String lostOutput,
            Map<String, Map<String, Long>> counters,
            String status) {}
}
