package dev.quorate.server;

import dev.quorate.store.ScrubResult;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the replicas of a group say of one shard at one index.
 *
 * @param voters the group's
 * @param results by member; those that did not answer are absent
 */
record Comparison(int shard, long index, Set<UUID> voters, Map<UUID, ScrubResult> results) {
    /** What follows from it: pure, so that it can be told from a table. */
    sealed interface Verdict {
        /** All that answered hold the same. */
        record Equal() implements Verdict {}

        /** This one differs, and every voter but it holds the same: it is wrong, and the group can do without it. */
        record Odd(UUID member) implements Verdict {}

        /** These differ from a majority that agrees, but that is not all others, or there are several of them: a person decides. */
        record Suspects(Set<UUID> members) implements Verdict {}

        /** They differ or can't be read, and no majority agrees: nobody can tell who is right. */
        record Undecided() implements Verdict {}
    }

    Verdict verdict() {
        boolean damaged = results.values().stream().anyMatch(result -> result.damage() != null);
        Set<Long> values = results.values().stream().map(ScrubResult::digest).collect(Collectors.toSet());
        if (!damaged && values.size() <= 1) {
            return new Verdict.Equal();
        }
        Optional<Long> right = majority();
        if (right.isEmpty()) {
            return new Verdict.Undecided();
        }
        Set<UUID> wrong = results.keySet().stream()
                .filter(member -> !holds(member, right.get()))
                .collect(Collectors.toSet());
        Set<UUID> others = new HashSet<>(voters);
        others.removeAll(wrong);
        boolean allOthersAgree = others.stream().allMatch(member -> holds(member, right.get()));
        return wrong.size() == 1 && allOthersAgree
                ? new Verdict.Odd(wrong.iterator().next())
                : new Verdict.Suspects(wrong);
    }

    /** The digest that more than half of all voters hold. */
    private Optional<Long> majority() {
        Map<Long, Long> counts = results.entrySet().stream()
                .filter(entry ->
                        voters.contains(entry.getKey()) && entry.getValue().damage() == null)
                .collect(Collectors.groupingBy(entry -> entry.getValue().digest(), Collectors.counting()));
        return counts.entrySet().stream()
                .filter(entry -> 2 * entry.getValue() > voters.size())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private boolean holds(UUID member, long digest) {
        ScrubResult result = results.get(member);
        return result != null && result.damage() == null && result.digest() == digest;
    }

    /** For people. */
    String words(Function<UUID, String> name) {
        String answers = results.entrySet().stream()
                .map(entry -> name.apply(entry.getKey()) + " "
                        + (entry.getValue().damage() == null
                                ? Long.toHexString(entry.getValue().digest())
                                : "damaged"))
                .sorted()
                .collect(Collectors.joining(", "));
        String outcome = switch (verdict()) {
            case Verdict.Equal() ->
                voters.size() == 1 && results.size() == 1
                        ? "there is one replica, which can be read"
                        : "the replicas that answered are equal";
            case Verdict.Odd(UUID member) -> name.apply(member) + " differs from all others";
            case Verdict.Suspects(Set<UUID> members) ->
                members.stream().map(name).sorted().collect(Collectors.joining(" and ")) + " differ from a majority";
            case Verdict.Undecided() ->
                results.size() == 1 ? "the only replica is damaged" : "the replicas differ and no majority agrees";
        };
        return "shard " + shard + " at index " + index + ": " + outcome + " (" + answers + ")";
    }
}
