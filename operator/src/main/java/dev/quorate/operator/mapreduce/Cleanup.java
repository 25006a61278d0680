package dev.quorate.operator.mapreduce;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;

/**
 * How a job that was deleted goes, step by step: first its pods, so that nobody writes any more; then what it has half written, by a pod that sees the volumes; then its state
 * in the cluster; then the MapReduceJob. Nothing of it holds the resource for more than {@link #LIMIT}: it must not hang a namespace.
 */
public final class Cleanup {
    static final Duration LIMIT = Duration.ofSeconds(90);

    private static final Duration PODS_LIMIT = Duration.ofSeconds(45);

    private Cleanup() {}

    /** What is to be done next. */
    public enum Step {
        REMOVE_PODS,
        WAIT,
        RUN_CLEANUP,
        /** Remove the job's state. What it may have half written stays. */
        FORGET,
        /** Nothing is left. */
        RELEASE
    }

    /**
     * @param sinceDeletion how long it was deleted ago
     */
    public static Step next(JobSituation situation, Duration sinceDeletion) {
        boolean podsRun = situation.pods().stream()
                .filter(pod -> !JobIdentity.CLEANUP.equals(
                        pod.getMetadata().getLabels().get(JobIdentity.COMPONENT_LABEL)))
                .anyMatch(pod -> !JobSituation.over(pod));
        if (situation.workers().isPresent() || situation.coordinator().isPresent()) {
            return Step.REMOVE_PODS;
        }
        if (podsRun && sinceDeletion.compareTo(PODS_LIMIT) < 0) {
            return Step.WAIT;
        }
        boolean late = sinceDeletion.compareTo(LIMIT) > 0;
        return switch (situation.stored()) {
            case Stored.Unreachable(String reason, String words)
            when reason.equals(Stored.Unreachable.NO_CLUSTER) -> Step.RELEASE;
            case Stored.Unasked unasked -> Step.WAIT;
            case Stored.Unreachable unreachable -> late ? Step.RELEASE : Step.WAIT;
            case Stored.Absent absent -> Step.RELEASE;
            case Stored.Submitted submitted -> Step.FORGET;
            case Stored.Ended ended when ended.outcome().succeeded() || ended.epoch() == 0 -> Step.FORGET;
            case Stored.Ended ended -> cleanup(situation, late);
            case Stored.Coordinated coordinated -> cleanup(situation, late);
        };
    }

    private static Step cleanup(JobSituation situation, boolean late) {
        if (late || situation.cleanup().filter(Cleanup::failed).isPresent()) {
            return Step.FORGET;
        }
        return situation.cleanup().isEmpty() ? Step.RUN_CLEANUP : Step.WAIT;
    }

    private static boolean failed(Job job) {
        return job.getStatus() != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Failed")
                                && condition.getStatus().equals("True"));
    }
}
