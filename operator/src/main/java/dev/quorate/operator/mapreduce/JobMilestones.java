package dev.quorate.operator.mapreduce;

import dev.quorate.crds.MapReduceJobStatus;
import dev.quorate.crds.MapReducePhase;
import dev.quorate.operator.status.Conditions;
import dev.quorate.operator.status.Milestones.Milestone;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What is worth an event: phases, another coordinator, what goes wrong. Not single tasks: there may be thousands. */
public final class JobMilestones {
    /** What every job goes through, in order. */
    private static final List<MapReducePhase> WORK =
            List.of(MapReducePhase.Mapping, MapReducePhase.Reducing, MapReducePhase.Publishing);

    private JobMilestones() {}

    /**
     * @param before null for a job that is new
     */
    public static List<Milestone> of(MapReduceJobStatus before, MapReduceJobStatus after) {
        List<Milestone> milestones = new ArrayList<>();
        MapReducePhase was = before == null ? null : before.phase();
        if (was != after.phase() && after.phase() != MapReducePhase.Pending) {
            passed(before, after)
                    .forEach(phase -> milestones.add(new Milestone(
                            false,
                            phase.name(),
                            "over by now: maps " + after.maps() + ", reduces " + after.reduces())));
            milestones.add(phase(after));
        }
        if (before != null
                && before.coordinators() != null
                && after.coordinators() != null
                && after.coordinators() > before.coordinators()) {
            milestones.add(new Milestone(
                    false,
                    "CoordinatorReplaced",
                    "coordinator " + after.coordinators() + " goes on from maps " + after.maps() + ", reduces "
                            + after.reduces()));
        }
        Optional<Condition> degraded = JobStatuses.condition(after, Conditions.DEGRADED)
                .filter(condition -> condition.getStatus().equals(Conditions.TRUE));
        Optional<Condition> degradedBefore = before == null
                ? Optional.empty()
                : JobStatuses.condition(before, Conditions.DEGRADED)
                        .filter(condition -> condition.getStatus().equals(Conditions.TRUE));
        degraded.filter(now -> !degradedBefore.map(Condition::getReason).equals(Optional.of(now.getReason())))
                .ifPresent(now -> milestones.add(new Milestone(true, now.getReason(), now.getMessage())));
        return List.copyOf(milestones);
    }

    /** The phases between those of two looks. None where it isn't known which was the last one: of a job that failed, or that was held meanwhile. */
    private static List<MapReducePhase> passed(MapReduceJobStatus before, MapReduceJobStatus after) {
        boolean begun = before != null && before.maps() != null;
        int first = begun ? WORK.indexOf(before.phase()) + 1 : 0;
        int last = after.phase() == MapReducePhase.Succeeded ? WORK.size() : WORK.indexOf(after.phase());
        boolean known = !begun || WORK.contains(before.phase());
        return known && first < last ? WORK.subList(first, last) : List.of();
    }

    private static Milestone phase(MapReduceJobStatus status) {
        boolean failed = status.phase() == MapReducePhase.Failed;
        String reason = failed
                ? JobStatuses.condition(status, JobConditions.FAILED)
                        .map(Condition::getReason)
                        .orElse("Failed")
                : status.phase().name();
        return new Milestone(failed, reason, Objects.requireNonNullElse(status.message(), ""));
    }
}
