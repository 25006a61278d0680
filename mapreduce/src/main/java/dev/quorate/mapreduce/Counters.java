package dev.quorate.mapreduce;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counters by group and name. For one thread. */
public final class Counters {
    /** Most counters of a task, so that names made from data fill neither memory nor the store. */
    public static final int COUNTERS_MAX = 1000;
    /** Of the name of a group or a counter. */
    public static final int NAME_CHARACTERS_MAX = 128;

    private static final String REST_GROUP = "job";
    private static final String REST = "counters beyond " + COUNTERS_MAX;

    private final SortedMap<String, SortedMap<String, Counter>> groups = new TreeMap<>();
    private int size;

    /** The counter of that name, made when there is none. */
    public Counter counter(String group, String name) {
        SortedMap<String, Counter> names = groups.get(group);
        Counter found = names == null ? null : names.get(name);
        return found == null ? made(group, name) : found;
    }

    private Counter made(String group, String name) {
        if (size == COUNTERS_MAX) {
            throw new IllegalStateException(
                    "more than " + COUNTERS_MAX + " counters: a counter's name must not come from the data");
        }
        if (group.length() > NAME_CHARACTERS_MAX || name.length() > NAME_CHARACTERS_MAX) {
            throw new IllegalStateException("a counter's group and name have at most " + NAME_CHARACTERS_MAX
                    + " characters, and not " + group.length() + " and " + name.length());
        }
        return put(group, name);
    }

    private Counter put(String group, String name) {
        size++;
        Counter counter = new Counter();
        groups.computeIfAbsent(group, ignored -> new TreeMap<>()).put(name, counter);
        return counter;
    }

    /** Adds those of a task. Each task may have other names: those that are too many for all tasks together are one counter. */
    public void add(Map<String, ? extends Map<String, Long>> values) {
        values.forEach(
                (group, names) -> names.forEach((name, n) -> summed(group, name).add(n)));
    }

    private Counter summed(String group, String name) {
        boolean known = groups.containsKey(group) && groups.get(group).containsKey(name);
        if (known || size < COUNTERS_MAX) {
            return counter(group, name);
        }
        SortedMap<String, Counter> rest = groups.get(REST_GROUP);
        return rest != null && rest.containsKey(REST) ? rest.get(REST) : put(REST_GROUP, REST);
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
