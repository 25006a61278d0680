package dev.quorate.cli.nemesis;

import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the operations of one kind of client.
 *
 * @param kind of the clients, in words
 * @param copies that a client's library sent beside an operation
 * @param longestMillis of those that succeeded
 * @param longest which one that was
 * @param troubles how often the clients met which
 */
public record Tally(
        String kind,
        long ok,
        long failed,
        long unknown,
        long copies,
        long longestMillis,
        String longest,
        Map<String, Long> troubles) {
    public long operations() {
        return ok + failed + unknown;
    }

    /** Both together. */
    public Tally plus(Tally other) {
        Map<String, Long> all = new TreeMap<>(troubles);
        other.troubles.forEach((trouble, count) -> all.merge(trouble, count, Long::sum));
        Tally longer = other.longestMillis > longestMillis ? other : this;
        return new Tally(
                kind,
                ok + other.ok,
                failed + other.failed,
                unknown + other.unknown,
                copies + other.copies,
                longer.longestMillis,
                longer.longest,
                all);
    }

    public String words() {
        return "%s: %d operations, %d ok, %d failed, %d unknown, %d copies sent; longest %d ms (%s)"
                .formatted(kind, operations(), ok, failed, unknown, copies, longestMillis, longest);
    }
}
