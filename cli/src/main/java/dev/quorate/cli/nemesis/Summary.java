package dev.quorate.cli.nemesis;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run without a violation has seen.
 *
 * @param clients of each kind
 * @param acknowledgedInLedgers writes of ever larger numbers that were acknowledged, all of them found again
 * @param faults how many of each kind
 * @param moves at least so many shards changed their home
 */
public record Summary(
        long seed,
        List<Tally> clients,
        long acknowledgedInLedgers,
        Map<String, Integer> faults,
        long moves,
        long seconds) {
    public long operations() {
        return clients.stream().mapToLong(Tally::operations).sum();
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
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "));
        long longestMillis =
                clients.stream().mapToLong(Tally::longestMillis).max().orElse(0);
        return "nemesis: seed %d, %d s, %d operations, %d faults (%s), %d moves, longest stall %d ms, 0 lost, 0 doubled%n%s"
                .formatted(
                        seed,
                        seconds,
                        operations(),
                        faultCount(),
                        kinds,
                        moves,
                        longestMillis,
                        clients.stream().map(Tally::words).collect(Collectors.joining("\n")));
    }
}
