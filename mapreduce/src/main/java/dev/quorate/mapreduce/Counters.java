package dev.quorate.mapreduce;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counters by group and name. For one thread. */
public final class Counters {
    /** Most counters of a task, so that names made from data fill neither memory nor the store. */
    public static final int COUNTERS_MAX = 1000;

    private final SortedMap<String, SortedMap<String, Counter>> groups = new TreeMap<>();
    private int size;

    /** The counter of that name, made when there is none. */
    public Counter counter(String group, String name) {
        return groups.computeIfAbsent(group, ignored -> new TreeMap<>()).computeIfAbsent(name, ignored -> made());
    }

    private Counter made() {
        if (++size > COUNTERS_MAX) {
            throw new IllegalStateException(
                    "more than " + COUNTERS_MAX + " counters: a counter's name must not come from the data");
        }
        return new Counter();
    }

    public void add(Map<String, ? extends Map<String, Long>> values) {
        values.forEach((group, names) ->
                names.forEach((name, n) -> counter(group, name).add(n)));
    }

    /** The values now, by group and name. */
    public SortedMap<String, SortedMap<String, Long>> values() {
        SortedMap<String, SortedMap<String, Long>> values = new TreeMap<>();
        groups.forEach((group, names) -> {
            SortedMap<String, Long> copy = new TreeMap<>();
            names.forEach((name, counter) -> copy.put(name, counter.value()));
            values.put(group, copy);
        });
        return values;
    }
}
