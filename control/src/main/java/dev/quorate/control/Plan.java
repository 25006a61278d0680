package dev.quorate.control;

import java.util.List;

/**
 * What to do now, in order, and what there is to know.
 *
 * @param steps none when there is nothing to do, or nothing that is safe to do
 * @param findings what stands between the cluster and its specification; none when nothing does
 */
public record Plan(List<Step> steps, List<Finding> findings) {
    public Plan {
        steps = List.copyOf(steps);
        findings = List.copyOf(findings);
    }

    /** The cluster is what its specification says. */
    public boolean settled() {
        return steps.isEmpty() && findings.isEmpty();
    }
}
