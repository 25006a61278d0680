package dev.quorate.operator.mapreduce;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What is to be done about a job: pure. Each step may be repeated, and the operator may die after any of them. */
public final class JobPlanner {
    /** How the reasons of jobs begin that the operator gave up. */
    static final String WORKERS_DIED = "the workers died too often";

    static final String SCRATCH_FULL = "map outputs are larger than spec.workers.scratch";

    /** A disk that was too small so often is too small. */
    private static final int EVICTIONS_MAX = 3;

    /** Workers that know of a job's end are gone long before. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(60);

    private JobPlanner() {}

    /** Of a job that is to run. */
    public static List<JobStep> steps(JobSituation situation, Instant now) {
        if (situation.endedBefore()) {
            return afterTheEnd(situation, now);
        }
        List<JobStep> steps = new ArrayList<>();
        switch (situation.stored()) {
            case Stored.Unasked unasked -> {
                return List.of();
            }
            case Stored.Unreachable unreachable -> {
                return List.of();
            }
            case Stored.Absent absent
            when situation.submittedBefore() -> {
                return List.of(); // its state is lost: see JobStatuses
            }
            case Stored.Absent absent -> steps.add(new JobStep.Submit());
            case Stored.Submitted submitted -> {}
            case Stored.Coordinated coordinated -> {}
            case Stored.Ended ended -> {
                return List.of();
            }
        }
        hopeless(situation).ifPresent(reason -> steps.add(new JobStep.Fail(reason)));
        steps.add(new JobStep.ApplyWorkers());
        steps.add(new JobStep.ApplyCoordinator(!situation.suspended()));
        return steps;
    }

    /** Why no worker will ever finish the job. */
    private static Optional<String> hopeless(JobSituation situation) {
        List<Pod> evicted = situation.podsOf(JobIdentity.WORKER).stream()
                .filter(pod -> pod.getStatus() != null
                        && "Evicted".equals(pod.getStatus().getReason())
                        && Objects.requireNonNullElse(pod.getStatus().getMessage(), "")
                                .contains("EmptyDir"))
                .toList();
        if (evicted.size() >= EVICTIONS_MAX) {
            return Optional.of(SCRATCH_FULL + ": " + evicted.size() + " workers lost their pods by it, the last one "
                    + evicted.getLast().getMetadata().getName() + " ("
                    + evicted.getLast().getStatus().getMessage().strip() + ")");
        }
        return situation.workersCondition("Failed").map(failed -> WORKERS_DIED + death(situation));
    }

    private static String death(JobSituation situation) {
        return situation.podsOf(JobIdentity.WORKER).stream()
                .filter(JobSituation::over)
                .max(Comparator.comparing(pod -> pod.getMetadata().getCreationTimestamp()))
                .map(pod -> ": the last one, pod " + pod.getMetadata().getName() + ", " + death(pod))
                .orElse("");
    }

    private static String death(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .flatMap(status -> Optional.ofNullable(status.getState()).map(state -> state.getTerminated()).stream())
                .findFirst()
                .map(JobPlanner::death)
                .orElse("ended (" + pod.getStatus().getReason() + ")");
    }

    private static String death(ContainerStateTerminated ended) {
        String lines = Objects.requireNonNullElse(ended.getMessage(), "").strip();
        String last = lines.substring(lines.lastIndexOf('\n') + 1);
        return "ended with status " + ended.getExitCode() + " (" + ended.getReason() + ")"
                + (last.isEmpty() ? "" : ": " + last);
    }

    private static List<JobStep> afterTheEnd(JobSituation situation, Instant now) {
        List<JobStep> steps = new ArrayList<>();
        Instant end = Instant.parse(situation.before().completionTime());
        if (situation.coordinator().isPresent()) {
            steps.add(new JobStep.RemoveCoordinator());
        }
        boolean running = situation.workers().filter(found -> !finished(found)).isPresent();
        if (running && now.isAfter(end.plus(LAST_WORDS))) {
            steps.add(new JobStep.RemoveWorkers());
        }
        Integer ttl = situation.job().getSpec().ttlSecondsAfterFinished();
        if (ttl != null && !now.isBefore(end.plusSeconds(ttl))) {
            steps.add(new JobStep.DeleteResource());
        }
        return steps;
    }

    static boolean finished(Job job) {
        return job.getStatus() != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getStatus().equals("True")
                                && (condition.getType().equals("Complete")
                                        || condition.getType().equals("Failed")));
    }
}
