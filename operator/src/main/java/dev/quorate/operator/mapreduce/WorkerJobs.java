package dev.quorate.operator.mapreduce;

import dev.quorate.crds.MapReduceJobSpec;
import dev.quorate.crds.MapReduceWorkers;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpecBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The Indexed Job of a job's workers: one pod for each worker, however many tasks there are.
 *
 * <ul>
 *   <li>A worker ends with 0 when the job has succeeded, so one that did is enough ({@code successPolicy}); with 10 when it has failed, and then no pod is worth
 *       another try. A pod that Kubernetes took away, or that somebody deleted, does not count; one that died by itself is counted for its index alone.
 *   <li>A pod is replaced when it is gone, not while it goes ({@code podReplacementPolicy}), so that there are never more than were asked for.
 *   <li>{@code suspend} is set while the MapReduceJob says so, and given up by its field manager when it does not: what a queue sets is then the queue's.
 * </ul>
 */
public final class WorkerJobs {
    /** {@code quorate mr worker} ends with it when the job has failed. */
    static final int JOB_FAILED = 10;

    /** A process that was told to end, as its exit status has it. */
    private static final int TERMINATED = 143;

    private static final String QUEUES = "kueue.x-k8s.io/";

    private WorkerJobs() {}

    /**
     * @param labels the MapReduceJob's: those for a queue are passed on
     * @param existing of which all stays but what may change; pods that run are not made anew because an operator is newer
     */
    public static Job build(
            JobIdentity job,
            MapReduceJobSpec spec,
            Map<String, String> labels,
            JobDefaults defaults,
            Optional<Job> existing) {
        JobSpec jobSpec = existing.map(Job::getSpec).orElseGet(() -> spec(job, spec, defaults));
        return new JobBuilder()
                .withMetadata(job.owned(job.workersName(), JobIdentity.WORKER)
                        .addToLabels(forQueues(labels))
                        .build())
                .withSpec(new JobSpecBuilder(jobSpec)
                        .withCompletions(spec.workers().count())
                        .withParallelism(spec.workers().count())
                        .withSuspend(spec.suspend() ? Boolean.TRUE : null)
                        .build())
                .build();
    }

    private static Map<String, String> forQueues(Map<String, String> labels) {
        return Objects.requireNonNullElse(labels, Map.<String, String>of()).entrySet().stream()
                .filter(label -> label.getKey().startsWith(QUEUES))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static JobSpec spec(JobIdentity job, MapReduceJobSpec spec, JobDefaults defaults) {
        MapReduceWorkers workers = spec.workers();
        return new JobSpecBuilder()
                .withCompletionMode("Indexed")
                .withBackoffLimitPerIndex(workers.restarts())
                .withPodReplacementPolicy("Failed")
                .withNewPodFailurePolicy()
                .addNewRule()
                .withAction("FailJob")
                .withNewOnExitCodes()
                .withContainerName(JobPods.CONTAINER)
                .withOperator("In")
                .withValues(JOB_FAILED)
                .endOnExitCodes()
                .endRule()
                .addNewRule()
                .withAction("Ignore")
                .addNewOnPodCondition()
                .withType("DisruptionTarget")
                .withStatus("True")
                .endOnPodCondition()
                .endRule()
                .addNewRule()
                .withAction("Ignore")
                .withNewOnExitCodes()
                .withContainerName(JobPods.CONTAINER)
                .withOperator("In")
                .withValues(TERMINATED)
                .endOnExitCodes()
                .endRule()
                .endPodFailurePolicy()
                .withNewSuccessPolicy()
                .addNewRule()
                .withSucceededCount(1)
                .endRule()
                .endSuccessPolicy()
                .withTemplate(JobPods.template(
                        job,
                        spec,
                        defaults,
                        JobIdentity.WORKER,
                        List.of(),
                        List.of(
                                "worker",
                                "--host",
                                "$(POD_IP)",
                                "--node",
                                "$(NODE_NAME)",
                                "--slots",
                                Integer.toString(workers.slots()),
                                "--temporary",
                                JobPods.WORK_MOUNT),
                        workers.resources() == null ? defaults.workerResources() : workers.resources(),
                        workers.scratch(),
                        "Never"))
                .build();
    }
}
