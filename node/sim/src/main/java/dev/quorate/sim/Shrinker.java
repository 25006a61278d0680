package dev.quorate.sim;

import dev.quorate.sim.world.Fault;
import java.util.ArrayList;
import java.util.List;

/** Makes a failing scenario smaller as long as it still fails in the same way: what is left is what the failure needs. */
final class Shrinker {
    private static final int MIN_MILLIS = 200;
    private static final int MAX_RUNS = 200;

    private final String invariant;
    private int runs;

    /** @param invariant the violation's name */
    Shrinker(String invariant) {
        this.invariant = invariant;
    }

    Scenario shrink(Scenario failing) {
        Scenario smallest = failing;
        boolean progress = true;
        while (progress) {
            progress = false;
            for (Scenario candidate : smaller(smallest)) {
                if (stillFails(candidate)) {
                    smallest = candidate;
                    progress = true;
                    break;
                }
            }
        }
        return smallest;
    }

    private static List<Scenario> smaller(Scenario from) {
        List<Scenario> candidates = new ArrayList<>();
        if (from.millis() > MIN_MILLIS) {
            candidates.add(from.withMillis(Math.max(MIN_MILLIS, from.millis() / 2)));
        }
        for (Fault fault : from.faults()) {
            candidates.add(from.without(fault));
        }
        if (from.groups() > 1) {
            candidates.add(from.withGroups(1));
        }
        if (from.members() > 1) {
            candidates.add(from.withMembers(Math.max(1, from.members() - 2)));
        }
        if (from.clients() > 1) {
            candidates.add(from.withClients(from.clients() / 2));
        }
        if (from.shards() > 1) {
            candidates.add(from.withShards(1));
        }
        if (from.millis() > MIN_MILLIS) {
            candidates.add(from.withMillis(Math.max(MIN_MILLIS, from.millis() * 9 / 10)));
        }
        return candidates;
    }

    private boolean stillFails(Scenario candidate) {
        if (runs++ >= MAX_RUNS) {
            return false;
        }
        Failure failure = Failure.of(candidate);
        return failure != null && failure.invariant().equals(invariant);
    }
}
