package dev.quorate.history;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What one client of a test asks for next: random operations on registers and counters that other clients use as well. It compares and sets with the
 * version that it saw last, so it learns what came of each. Not for several threads.
 */
public final class RandomOperations {
    private final String client;
    private final List<String> registers;
    private final List<String> counters;
    private final Random random;
    private final Map<String, Long> versionsSeen = new TreeMap<>();
    private int nextValue;

    /**
     * @param client its name, which begins every value that it writes: no two clients write the same one
     * @param registers keys that are read, put, deleted, and compared and set
     * @param counters as many keys, that are read and incremented
     */
    public RandomOperations(String client, List<String> registers, List<String> counters, Random random) {
        this.client = client;
        this.registers = registers;
        this.counters = counters;
        this.random = random;
    }

    public Operation next() {
        int place = random.nextInt(registers.size());
        if (random.nextBoolean()) {
            String counter = counters.get(place);
            return random.nextInt(3) == 0 ? new Operation.Get(counter) : new Operation.Increment(counter, 1);
        }
        String register = registers.get(place);
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> new Operation.Get(register);
            case 4 -> new Operation.Delete(register);
            case 5, 6 -> new Operation.CompareAndSet(register, versionsSeen.getOrDefault(register, 0L), newValue());
            default -> new Operation.Put(register, newValue());
        };
    }

    private String newValue() {
        return client + "/" + nextValue++;
    }

    /** An operation took effect, and this is its answer. */
    public void answered(Operation operation, Result result) {
        switch (result) {
            case Result.Read read -> versionsSeen.put(operation.key(), read.version());
            case Result.Written written -> versionsSeen.put(operation.key(), written.version());
            case Result.Swapped(var applied, var current)
            when current != null -> versionsSeen.put(operation.key(), current.version());
            default -> versionsSeen.remove(operation.key());
        }
    }
}
