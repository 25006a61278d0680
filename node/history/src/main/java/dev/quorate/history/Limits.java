package dev.quorate.history;

import java.time.Duration;

/**
 * What a check may use up, all keys together.
 *
 * @param memoryBytes of visited configurations, roughly
 */
public record Limits(Duration time, long memoryBytes) {
    /** For a fault test's history of some ten thousand operations: it mostly takes well under a second. */
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(60), 256L << 20);
}
