package dev.quorate.control;

import java.util.List;
import java.util.Optional;

/**
 * One round of observe, plan and act: all that a status needs.
 *
 * @param outcomes of the plan's steps, in order; steps after a failed one may be missing, for they were not tried
 */
public record Pass(ClusterSpec spec, Observation observation, Plan plan, List<Outcome> outcomes) {
    public Pass {
        outcomes = List.copyOf(outcomes);
    }

    /** A step that was tried, and why it failed if it did. */
    public record Outcome(Step step, Optional<String> failure) {}

    /** Nothing was left to do, and nothing stands in the way. */
    public boolean settled() {
        return plan.settled();
    }

    /** Something was done that the next pass should follow up at once, rather than at its usual time. */
    public boolean advanced() {
        return outcomes.stream().anyMatch(outcome -> outcome.failure().isEmpty());
    }
}
