package dev.quorate.operator.mapreduce;

import dev.quorate.crds.MapReduceJob;
import dev.quorate.crds.MapReduceJobStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.util.List;
import java.util.Optional;

/**
 * All that is known of a job at a moment.
 *
 * @param job with the status of the pass before
 * @param workers as the watches last saw it, and so below
 * @param pods the job's own, of all components
 * @param stored what the cluster says
 */
public record JobSituation(
        MapReduceJob job,
        Optional<Job> workers,
        Optional<Deployment> coordinator,
        Optional<Job> cleanup,
        List<Pod> pods,
        Stored stored) {
    private static final MapReduceJobStatus NOTHING = new MapReduceJobStatus(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    MapReduceJobStatus before() {
        return job.getStatus() == null ? NOTHING : job.getStatus();
    }

    boolean endedBefore() {
        return before().phase() != null && before().phase().ended();
    }

    /** It had not ended before this pass. */
    public boolean runsOn() {
        return !endedBefore();
    }

    /** The cluster was given the job's description once. */
    boolean submittedBefore() {
        return before().startTime() != null;
    }

    /** By the MapReduceJob, or by a queue that holds the workers' Job. */
    public boolean suspended() {
        return job.getSpec().suspend()
                || workers.map(found -> Boolean.TRUE.equals(found.getSpec().getSuspend()))
                        .orElse(false);
    }

    Optional<JobCondition> workersCondition(String type) {
        return workers.map(Job::getStatus).stream()
                .flatMap(status -> status.getConditions().stream())
                .filter(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals("True"))
                .findFirst();
    }

    List<Pod> podsOf(String component) {
        return pods.stream()
                .filter(pod -> component.equals(pod.getMetadata().getLabels().get(JobIdentity.COMPONENT_LABEL)))
                .toList();
    }

    static boolean over(Pod pod) {
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }
}
