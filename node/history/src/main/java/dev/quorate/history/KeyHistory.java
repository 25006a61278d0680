package dev.quorate.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One key's history, prepared for the search: the operations that took effect, in the order of their returns, and apart from them those of unknown outcome.
 *
 * <p>Each operation that took effect has a lane: overlapping ones have different lanes, so that beside a position in the order of returns a set of lanes
 * tells which of the operations that are open there are meant.
 *
 * @param done that took effect, by return
 * @param lanes of each of them
 * @param open of each of them, those not before it that were called by its return, itself first
 * @param versionsMax of each of them, the greatest version that the key may have at once before it
 * @param unknown those of unknown outcome
 */
record KeyHistory(Invocation[] done, int[] lanes, int[][] open, long[] versionsMax, List<Kind> unknown) {
    /**
     * Operations of unknown outcome that do the same, as far as anybody could see.
     *
     * @param operation what each of them does
     * @param invocations by call
     * @param firstNumber of the first one; the others follow. Every operation of unknown outcome has a number of its own.
     */
    record Kind(Operation operation, List<Invocation> invocations, int firstNumber) {}

    static KeyHistory of(List<Invocation> invocations) {
        Invocation[] done = invocations.stream()
                .filter(each -> each.outcome() == Outcome.OK)
                .sorted(Comparator.comparingLong(Invocation::returnNanos).thenComparingLong(Invocation::callNanos))
                .toArray(Invocation[]::new);
        long[] versionsMax = Arrays.stream(done)
                .mapToLong(each -> KeyState.versionMaxBefore(each.operation(), each.result()))
                .toArray();
        return new KeyHistory(done, lanes(done), open(done), versionsMax, kindsOfUnknown(invocations));
    }

    private static int[] lanes(Invocation[] done) {
        List<Integer> byCall = byCall(done);
        TreeMap<Long, List<Integer>> busyUntil = new TreeMap<>();
        int[] lanes = new int[done.length];
        int count = 0;
        for (int index : byCall) {
            Map.Entry<Long, List<Integer>> free = busyUntil.lowerEntry(done[index].callNanos());
            if (free == null) {
                lanes[index] = count++;
            } else {
                lanes[index] = free.getValue().removeLast();
                if (free.getValue().isEmpty()) {
                    busyUntil.remove(free.getKey());
                }
            }
            busyUntil
                    .computeIfAbsent(done[index].returnNanos(), time -> new ArrayList<>())
                    .add(lanes[index]);
        }
        return lanes;
    }

    private static int[][] open(Invocation[] done) {
        List<Integer> byCall = byCall(done);
        TreeSet<Integer> open = new TreeSet<>();
        int[][] result = new int[done.length][];
        int called = 0;
        for (int i = 0; i < done.length; i++) {
            while (called < done.length && done[byCall.get(called)].callNanos() <= done[i].returnNanos()) {
                open.add(byCall.get(called++));
            }
            result[i] = open.stream().mapToInt(Integer::intValue).toArray();
            open.remove(i);
        }
        return result;
    }

    private static List<Integer> byCall(Invocation[] done) {
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < done.length; i++) {
            indexes.add(i);
        }
        indexes.sort(Comparator.comparingLong(index -> done[index].callNanos()));
        return indexes;
    }

    /** A read of unknown outcome says nothing. */
    private static List<Kind> kindsOfUnknown(List<Invocation> invocations) {
        Set<String> seen = seenValues(invocations);
        Operation.Put unseen = null;
        Map<Operation, List<Invocation>> byOperation = new LinkedHashMap<>();
        for (Invocation each : invocations) {
            if (each.outcome() != Outcome.UNKNOWN || each.operation() instanceof Operation.Get) {
                continue;
            }
            Operation kind = each.operation();
            if (seen != null && kind instanceof Operation.Put put && !seen.contains(put.value())) {
                unseen = unseen == null ? put : unseen;
                kind = unseen;
            }
            byOperation.computeIfAbsent(kind, k -> new ArrayList<>()).add(each);
        }
        List<Kind> kinds = new ArrayList<>();
        int number = 0;
        for (Map.Entry<Operation, List<Invocation>> each : byOperation.entrySet()) {
            kinds.add(new Kind(each.getKey(), each.getValue(), number));
            number += each.getValue().size();
        }
        return kinds;
    }

    /** The values that any client was shown, or null when values are also seen through sums and lengths. */
    private static Set<String> seenValues(List<Invocation> invocations) {
        Set<String> seen = new HashSet<>();
        for (Invocation each : invocations) {
            switch (each.operation()) {
                case Operation.Increment increment -> {
                    return null;
                }
                case Operation.Append append -> {
                    return null;
                }
                default -> {}
            }
            switch (each.result()) {
                case Result.Read read -> seen.add(read.value());
                case Result.Swapped(var applied, var current) when current != null -> seen.add(current.value());
                case null, default -> {}
            }
        }
        return seen;
    }
}
