package dev.quorate.cli.nemesis;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Which faults come when: the same for the same seed, whatever the cluster does. */
record Schedule(List<Due> faults) {
    private static final int GAP_MILLIS_MIN = 300;
    private static final int GAP_MILLIS_MAX = 3_000;

    /**
     * @param atMillis since the start
     * @param seed of the choices that depend on how the cluster then is: which member, which shard
     */
    record Due(long atMillis, Fault fault, long seed) {}

    static Schedule of(long seed, long millis) {
        Random random = new Random(seed);
        List<Due> faults = new ArrayList<>();
        long atMillis = 0;
        while (true) {
            atMillis += random.nextInt(GAP_MILLIS_MIN, GAP_MILLIS_MAX);
            if (atMillis >= millis) {
                return new Schedule(List.copyOf(faults));
            }
            faults.add(new Due(atMillis, Fault.at(random.nextDouble()), random.nextLong()));
        }
    }
}
