package dev.quorate.cli.nemesis;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run without a violation has seen.
 *
 * @param censuses of the kinds of clients
 * @param acknowledgedInLedgers writes of ever larger numbers that were acknowledged, all of them found again
 * @param faults how many of each kind
 * @param moves at least so many shards changed their home
 */
public record Summary(
        long seed,
        List<Census> censuses,
        long acknowledgedInLedgers,
        Map<Fault, Integer> faults,
        long moves,
        long seconds) {
    public long operations() {
        return censuses.stream().mapToLong(Census::operations).sum();
    }

    public long faultCount() {
        return faults.values().stream().mapToLong(Integer::longValue).sum();
    }

    public long moveCount() {
        return moves;
    }

    /** Some lines for people. */
    public String words() {
        String kinds = new TreeMap<>(faults)
                .entrySet().stream()
                        .map(entry ->
                                entry.getKey().toString().toLowerCase().replace('_', ' ') + " " + entry.getValue())
                        .collect(Collectors.joining(", "));
        long longestMillis =
                censuses.stream().mapToLong(Census::longestMillis).max().orElse(0);
        return "nemesis: seed %d, %d s, %d operations, %d faults (%s), %d moves, longest stall %d ms, 0 lost, 0 doubled%n%s"
                .formatted(
                        seed,
                        seconds,
                        operations(),
                        faultCount(),
                        kinds,
                        moves,
                        longestMillis,
                        censuses.stream().map(Census::words).collect(Collectors.joining("\n")));
    }
}
