package dev.quorate.mapreduce.schedule;

import java.util.HashMap;
import java.util.Map;

/** How slow each worker is against the others, by what its attempts took. */
final class Paces {
    /** From here on a worker is slow rather than unlucky with its tasks. */
    private static final double SLOW = 2;

    private final Map<String, Double> slowness = new HashMap<>();

    /**
     * An attempt of a worker ended. The last ones count most, for a slow worker may recover.
     *
     * @param meanMillis that others of its kind took; negative when none has ended
     */
    void took(String worker, long millis, double meanMillis) {
        if (meanMillis > 0) {
            slowness.merge(worker, millis / meanMillis, (before, now) -> (before + now) / 2);
        }
    }

    /** An attempt of a worker was given up while it ran: it would have taken longer. */
    void ranFor(String worker, long millis, double meanMillis) {
        if (meanMillis > 0 && millis / meanMillis > slowness(worker)) {
            took(worker, millis, meanMillis);
        }
    }

    void forget(String worker) {
        slowness.remove(worker);
    }

    /** How many times as long as others it takes; 1 for one that nothing is known of. */
    double slowness(String worker) {
        return slowness.getOrDefault(worker, 1.0);
    }

    boolean slow(String worker) {
        return slowness(worker) >= SLOW;
    }
}
