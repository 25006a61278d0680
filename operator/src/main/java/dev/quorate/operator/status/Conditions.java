package dev.quorate.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Conditions as they are gathered, each keeping the time of its last change. */
public final class Conditions {
    static final String READY = "Ready";
    static final String PROGRESSING = "Progressing";
    public static final String DEGRADED = "Degraded";
    static final String BALANCED = "Balanced";

    public static final String TRUE = "True";
    public static final String FALSE = "False";
    public static final String UNKNOWN = "Unknown";

    /** The API allows 32768 characters; nobody reads that many. */
    private static final int MAX_MESSAGE = 1000;

    private final List<Condition> before;
    private final long generation;
    private final Instant now;
    private final List<Condition> conditions = new ArrayList<>();

    public Conditions(List<Condition> before, long generation, Instant now) {
        this.before = before;
        this.generation = generation;
        this.now = now;
    }

    public void add(String type, String status, String reason, String message) {
        String since = find(before, type)
                .filter(old -> status.equals(old.getStatus()))
                .map(Condition::getLastTransitionTime)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        conditions.add(new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 3) + "...")
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build());
    }

    /** It is true already. */
    boolean was(String type) {
        return find(before, type).filter(old -> TRUE.equals(old.getStatus())).isPresent();
    }

    public List<Condition> list() {
        return List.copyOf(conditions);
    }

    public static Optional<Condition> find(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }
}
