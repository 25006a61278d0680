package dev.quorate.cli.nemesis;

import dev.quorate.history.Operation;
import dev.quorate.history.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Counts what becomes of the operations of one kind of client. Safe for many threads. */
final class Census {
    private static final int TROUBLES_MAX = 20;

    /** An operation that takes longer is worth a line in the log. */
    private static final long SLOW_NANOS = 2_000_000_000L;

    private final String kind;
    private final Consumer<String> log;
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    /** How often the clients met which trouble; numbers in it left out, so that like ones are one. */
    private final Map<String, Long> troubles = new TreeMap<>();

    private long copies;
    private long longestNanos;
    private String longest = "none";

    /**
     * @param kind of the clients, in words
     * @param log hears of operations that took long
     */
    Census(String kind, Consumer<String> log) {
        this.kind = kind;
        this.log = log;
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, 0L);
        }
    }

    synchronized void count(Operation operation, Answer answer, long nanos) {
        outcomes.merge(answer.outcome(), 1L, Long::sum);
        copies += answer.copies();
        if (nanos > SLOW_NANOS) {
            log.accept("slow: %s took %d ms of the %s, %s %s"
                    .formatted(words(operation), nanos / 1_000_000, kind, answer.outcome(), answer.trouble()));
        }
        if (answer.outcome() == Outcome.OK) {
            if (nanos > longestNanos) {
                longestNanos = nanos;
                longest = words(operation);
            }
        } else {
            String trouble = answer.outcome() + ": " + answer.trouble().replaceAll("[0-9a-f-]*[0-9][0-9a-f-]*", "#");
            if (troubles.size() < TROUBLES_MAX || troubles.containsKey(trouble)) {
                troubles.merge(trouble, 1L, Long::sum);
            }
        }
    }

    private static String words(Operation operation) {
        return operation.getClass().getSimpleName() + " of " + operation.key();
    }

    synchronized Tally tally() {
        return new Tally(
                kind,
                outcomes.get(Outcome.OK),
                outcomes.get(Outcome.FAILED),
                outcomes.get(Outcome.UNKNOWN),
                copies,
                longestNanos / 1_000_000,
                longest,
                new TreeMap<>(troubles));
    }
}
