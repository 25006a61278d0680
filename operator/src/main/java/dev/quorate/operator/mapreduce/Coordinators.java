package dev.quorate.operator.mapreduce;

import dev.quorate.crds.MapReduceJobSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The Deployment of a job's coordinator, of one pod, and the Job that cleans up after a job that did not succeed.
 *
 * <p>A Deployment, not a pod of the workers' Job: that one waits ten seconds and more before it replaces a pod, and a coordinator is missed sooner. Two of them at a
 * time do no harm, for each has an epoch of its own.
 */
public final class Coordinators {
    private static final ResourceRequirements RESOURCES = new ResourceRequirementsBuilder()
            .addToRequests("cpu", new Quantity("50m"))
            .addToRequests("memory", new Quantity("192Mi"))
            .addToLimits("memory", new Quantity("384Mi"))
            .build();
    /** Half of what a coordinator of many tasks used was the optimizing compiler's. */
    private static final List<String> JVM_OPTIONS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final String SCRATCH = "64Mi";
    private static final long CLEANUP_SECONDS = 60;

    private Coordinators() {}

    /**
     * @param nodeByHost see {@link MemberNodes}; not looked at when there is an {@code existing} one
     * @param running false while the job is suspended
     * @param existing whose pod stays as it is: an operator that is newer restarts nothing
     */
    public static Deployment build(
            JobIdentity job,
            MapReduceJobSpec spec,
            JobDefaults defaults,
            SortedMap<String, String> nodeByHost,
            boolean running,
            Optional<Deployment> existing) {
        PodTemplateSpec template = existing.map(found -> found.getSpec().getTemplate())
                .orElseGet(() -> JobPods.template(
                        job,
                        spec,
                        defaults,
                        JobIdentity.COORDINATOR,
                        JVM_OPTIONS,
                        command(spec, nodeByHost),
                        RESOURCES,
                        SCRATCH,
                        "Always"));
        return new DeploymentBuilder()
                .withMetadata(job.owned(job.coordinatorName(), JobIdentity.COORDINATOR)
                        .build())
                .withNewSpec()
                .withReplicas(running ? 1 : 0)
                .withNewStrategy()
                .withType("Recreate")
                .endStrategy()
                .withRevisionHistoryLimit(1)
                .withNewSelector()
                .withMatchLabels(job.selector(JobIdentity.COORDINATOR))
                .endSelector()
                .withTemplate(template)
                .endSpec()
                .build();
    }

    private static List<String> command(MapReduceJobSpec spec, SortedMap<String, String> nodeByHost) {
        List<String> words = new ArrayList<>(List.of("coordinator", "--host", "$(POD_IP)"));
        if (!spec.backups()) {
            words.add("--no-backups");
        }
        MemberNodes.word(nodeByHost).ifPresent(word -> words.addAll(List.of("--nodes", word)));
        return words;
    }

    /**
     * Removes a job's half-written output and its state. Owned by nobody: what is owned by a resource that is deleted in the foreground would be deleted before it ran. It
     * ends by itself.
     */
    public static Job cleanup(JobIdentity job, MapReduceJobSpec spec, JobDefaults defaults) {
        return new JobBuilder()
                .withNewMetadata()
                .withNamespace(job.namespace())
                .withName(job.cleanupName())
                .withLabels(job.labels(JobIdentity.CLEANUP))
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(2)
                .withActiveDeadlineSeconds(CLEANUP_SECONDS)
                .withTtlSecondsAfterFinished((int) CLEANUP_SECONDS)
                .withTemplate(JobPods.template(
                        job,
                        spec,
                        defaults,
                        JobIdentity.CLEANUP,
                        JVM_OPTIONS,
                        List.of("delete", "--force"),
                        RESOURCES,
                        SCRATCH,
                        "Never"))
                .endSpec()
                .build();
    }
}
