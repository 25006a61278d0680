package dev.quorate.operator;

import dev.quorate.control.Platform.PlatformException;
import dev.quorate.crds.KVCluster;
import dev.quorate.crds.MapReduceJob;
import dev.quorate.crds.MapReduceJobStatus;
import dev.quorate.operator.kubernetes.ApiErrors;
import dev.quorate.operator.kubernetes.Applier;
import dev.quorate.operator.mapreduce.Cleanup;
import dev.quorate.operator.mapreduce.Coordinators;
import dev.quorate.operator.mapreduce.JobDefaults;
import dev.quorate.operator.mapreduce.JobDescriptions;
import dev.quorate.operator.mapreduce.JobIdentity;
import dev.quorate.operator.mapreduce.JobMilestones;
import dev.quorate.operator.mapreduce.JobPlanner;
import dev.quorate.operator.mapreduce.JobSituation;
import dev.quorate.operator.mapreduce.JobStatuses;
import dev.quorate.operator.mapreduce.JobStep;
import dev.quorate.operator.mapreduce.MemberNodes;
import dev.quorate.operator.mapreduce.Stored;
import dev.quorate.operator.mapreduce.StoredJob;
import dev.quorate.operator.mapreduce.StoredJobs;
import dev.quorate.operator.mapreduce.WorkerJobs;
import dev.quorate.operator.resources.ClusterIdentity;
import dev.quorate.operator.status.Milestones.Milestone;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles MapReduceJobs: sees how a job stands, does what {@link JobPlanner} says, and tells it. It remembers nothing between two calls, but connections.
 */
@ControllerConfiguration(
        name = "mapreducejob",
        fieldManager = ClusterIdentity.OPERATOR,
        finalizerName = "quorate.dev/mapreducejob",
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 30, timeUnit = TimeUnit.SECONDS))
@GradualRetry(maxAttempts = -1, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 30_000)
public class MapReduceJobReconciler implements Reconciler<MapReduceJob>, Cleaner<MapReduceJob> {
    private static final Logger LOG = LoggerFactory.getLogger(MapReduceJobReconciler.class);

    private final Settings settings;
    private final StoredJobs storedJobs;
    private final Events events;
    private final JobMetrics metrics;
    private final JobDefaults defaults;
    private final Clock clock = Clock.systemUTC();

    public MapReduceJobReconciler(
            Settings settings,
            StoredJobs storedJobs,
            JobMetrics metrics,
            KubernetesClient client,
            @ConfigProperty(name = "pod.name") Optional<String> podName) {
        this.settings = settings;
        this.storedJobs = storedJobs;
        this.metrics = metrics;
        this.events = new Events(client, podName.orElse(ClusterIdentity.OPERATOR));
        this.defaults = new JobDefaults(
                settings.jobImage(),
                settings.jobPullPolicy(),
                Serialization.unmarshal(settings.workerResources(), ResourceRequirements.class));
    }

    @Override
    public List<EventSource<?, MapReduceJob>> prepareEventSources(EventSourceContext<MapReduceJob> context) {
        return List.of(watch(Job.class, context), watch(Deployment.class, context), watch(Pod.class, context));
    }

    private static <R extends HasMetadata> EventSource<?, MapReduceJob> watch(
            Class<R> type, EventSourceContext<MapReduceJob> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, MapReduceJob.class)
                        .withLabelSelector(JobIdentity.JOB_LABEL)
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(object -> Set.of(new ResourceID(
                                object.getMetadata().getLabels().get(JobIdentity.JOB_LABEL),
                                object.getMetadata().getNamespace())))
                        .build(),
                context);
    }

    @Override
    public UpdateControl<MapReduceJob> reconcile(MapReduceJob job, Context<MapReduceJob> context) {
        keepConnections(context);
        JobIdentity identity = JobIdentity.of(job);
        JobSituation situation = see(job, identity, context);
        situation = act(situation, identity, context);
        tell(situation, context);
        return UpdateControl.<MapReduceJob>noUpdate().rescheduleAfter(interval(situation));
    }

    private void keepConnections(Context<MapReduceJob> context) {
        List<MapReduceJob> jobs = context.getPrimaryCache().list().toList();
        metrics.show(jobs);
        storedJobs.forgetAllBut(jobs.stream().map(MapReduceJobReconciler::seeds).collect(Collectors.toSet()));
    }

    private static String seeds(MapReduceJob job) {
        return JobIdentity.of(job).seeds(job.getSpec().cluster());
    }

    private StoredJob stored(MapReduceJob job) {
        return storedJobs.of(seeds(job), JobIdentity.of(job).storedName());
    }

    private JobSituation see(MapReduceJob job, JobIdentity identity, Context<MapReduceJob> context) {
        boolean ended = job.getMetadata().getDeletionTimestamp() == null
                && job.getStatus() != null
                && job.getStatus().phase() != null
                && job.getStatus().phase().ended();
        return new JobSituation(
                job,
                named(Job.class, identity.workersName(), context).filter(identity::owns),
                named(Deployment.class, identity.coordinatorName(), context).filter(identity::owns),
                named(Job.class, identity.cleanupName(), context),
                List.copyOf(context.getSecondaryResources(Pod.class)),
                ended ? new Stored.Unasked() : observe(job, context));
    }

    private static <R extends HasMetadata> Optional<R> named(
            Class<R> type, String name, Context<MapReduceJob> context) {
        return context.getSecondaryResources(type).stream()
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst();
    }

    private Stored observe(MapReduceJob job, Context<MapReduceJob> context) {
        boolean submitted = job.getStatus() != null && job.getStatus().startTime() != null;
        if (!submitted && cluster(job.getSpec().cluster(), job, context).isEmpty()) {
            return noCluster(job);
        }
        try {
            return stored(job).observe();
        } catch (IOException e) {
            return cluster(job.getSpec().cluster(), job, context).isPresent()
                    ? new Stored.Unreachable(
                            Stored.Unreachable.NO_ANSWER,
                            "cluster " + job.getSpec().cluster() + " does not answer: " + e.getMessage())
                    : noCluster(job);
        }
    }

    private static Stored.Unreachable noCluster(MapReduceJob job) {
        return new Stored.Unreachable(
                Stored.Unreachable.NO_CLUSTER,
                "there is no KVCluster " + job.getSpec().cluster() + " in namespace "
                        + job.getMetadata().getNamespace() + " to hold the job's state: make it, or name another one");
    }

    private static Optional<KVCluster> cluster(String name, MapReduceJob job, Context<MapReduceJob> context) {
        return Optional.ofNullable(context.getClient()
                        .resources(KVCluster.class)
                        .inNamespace(job.getMetadata().getNamespace())
                        .withName(name)
                        .get())
                .filter(cluster -> cluster.getMetadata().getDeletionTimestamp() == null);
    }

    /** Asked for when a coordinator is made, and not watched: where pods go later is not told to it. */
    private static SortedMap<String, String> memberNodes(MapReduceJob job, Context<MapReduceJob> context) {
        SortedMap<String, String> nodeByHost = new TreeMap<>();
        for (String name : MemberNodes.clusters(job.getSpec())) {
            cluster(name, job, context).map(ClusterIdentity::of).ifPresent(cluster -> {
                List<Pod> pods = context.getClient()
                        .pods()
                        .inNamespace(cluster.namespace())
                        .withLabels(cluster.selector())
                        .list()
                        .getItems();
                nodeByHost.putAll(MemberNodes.of(cluster, pods));
            });
        }
        return nodeByHost;
    }

    /** Does what is to be done. What it can't do becomes words in the status, and is tried again. */
    private JobSituation act(JobSituation situation, JobIdentity identity, Context<MapReduceJob> context) {
        try {
            for (JobStep step : JobPlanner.steps(situation, clock.instant())) {
                act(step, situation, identity, context);
            }
            return situation;
        } catch (KubernetesClientException e) {
            return troubled(situation, ApiErrors.words(e));
        } catch (PlatformException | IOException e) {
            return troubled(situation, e.getMessage());
        }
    }

    private void act(JobStep step, JobSituation situation, JobIdentity identity, Context<MapReduceJob> context)
            throws IOException {
        MapReduceJob job = situation.job();
        Applier<MapReduceJob> applier = new Applier<>("job", identity::owns, context);
        switch (step) {
            case JobStep.Submit submit -> stored(job).submit(JobDescriptions.of(identity, job.getSpec()));
            case JobStep.ApplyWorkers workers ->
                applier.apply(
                        Job.class,
                        WorkerJobs.build(
                                identity, job.getSpec(), job.getMetadata().getLabels(), defaults, situation.workers()),
                        situation.workers());
            case JobStep.ApplyCoordinator coordinator ->
                applier.apply(
                        Deployment.class,
                        Coordinators.build(
                                identity,
                                job.getSpec(),
                                defaults,
                                situation.coordinator().isPresent()
                                        ? Collections.emptySortedMap()
                                        : memberNodes(job, context),
                                coordinator.running(),
                                situation.coordinator()),
                        situation.coordinator());
            case JobStep.Fail fail -> stored(job).fail(fail.reason());
            case JobStep.RemoveCoordinator remove -> situation.coordinator().ifPresent(found -> delete(found, context));
            case JobStep.RemoveWorkers remove -> situation.workers().ifPresent(found -> delete(found, context));
            case JobStep.DeleteResource delete -> delete(job, context);
        }
    }

    private static void delete(HasMetadata object, Context<MapReduceJob> context) {
        if (object.getMetadata().getDeletionTimestamp() == null) {
            context.getClient().resource(object).delete();
        }
    }

    private static JobSituation troubled(JobSituation situation, String words) {
        LOG.warn(
                "event=job_pass_failed job={}/{} reason=\"{}\"",
                situation.job().getMetadata().getNamespace(),
                situation.job().getMetadata().getName(),
                words);
        return new JobSituation(
                situation.job(),
                situation.workers(),
                situation.coordinator(),
                situation.cleanup(),
                situation.pods(),
                new Stored.Unreachable("OperatorCannotAct", words));
    }

    private void tell(JobSituation situation, Context<MapReduceJob> context) {
        MapReduceJob job = situation.job();
        MapReduceJobStatus status = JobStatuses.of(situation, clock.instant());
        if (status.equals(job.getStatus())) {
            return;
        }
        try {
            MapReduceJob fresh = new MapReduceJob();
            fresh.setMetadata(Statuses.identity(job));
            fresh.setStatus(status);
            context.resourceOperations().serverSideApplyPrimaryStatus(fresh);
            events.tell(job, JobMilestones.of(job.getStatus(), status), clock.instant());
            if (status.phase().ended() && situation.runsOn()) {
                metrics.ended(status.phase());
            }
        } catch (KubernetesClientException e) {
            LOG.warn(
                    "event=status_not_written job={}/{} reason=\"{}\"",
                    job.getMetadata().getNamespace(),
                    job.getMetadata().getName(),
                    ApiErrors.words(e));
        }
    }

    private Duration interval(JobSituation situation) {
        return switch (situation.stored()) {
            case Stored.Unasked unasked -> settings.resync();
            case Stored.Unreachable unreachable -> settings.resync();
            case Stored.Ended ended -> settings.progress();
            case Stored.Absent absent -> settings.progress();
            case Stored.Submitted submitted -> situation.suspended() ? settings.resync() : settings.progress();
            case Stored.Coordinated coordinated -> situation.suspended() ? settings.resync() : settings.progress();
        };
    }

    /** A MapReduceJob that was deleted: it goes when nothing is left of the job. */
    @Override
    public DeleteControl cleanup(MapReduceJob job, Context<MapReduceJob> context) {
        JobIdentity identity = JobIdentity.of(job);
        JobSituation situation = see(job, identity, context);
        Duration since = Duration.between(Instant.parse(job.getMetadata().getDeletionTimestamp()), clock.instant());
        Cleanup.Step step = Cleanup.next(situation, since);
        try {
            if (cleanup(step, situation, identity, context)) {
                return DeleteControl.defaultDelete();
            }
        } catch (IOException | KubernetesClientException e) {
            LOG.warn(
                    "event=job_cleanup_failed job={}/{} step={} reason=\"{}\"",
                    identity.namespace(),
                    identity.name(),
                    step,
                    e.getMessage());
        }
        return DeleteControl.noFinalizerRemoval()
                .rescheduleAfter(settings.progress().toMillis());
    }

    /** Returns whether nothing is left to do. */
    private boolean cleanup(
            Cleanup.Step step, JobSituation situation, JobIdentity identity, Context<MapReduceJob> context)
            throws IOException {
        switch (step) {
            case WAIT -> {}
            case REMOVE_PODS -> {
                situation.workers().ifPresent(found -> delete(found, context));
                situation.coordinator().ifPresent(found -> delete(found, context));
            }
            case RUN_CLEANUP -> runCleanup(situation.job(), identity, context);
            case FORGET -> {
                stored(situation.job()).delete();
                if (situation.cleanup().isPresent()) {
                    events.tell(
                            situation.job(),
                            List.of(new Milestone(
                                    true,
                                    "CleanupFailed",
                                    "the pod that removes half-written output did not succeed: look at "
                                            + JobDescriptions.of(
                                                            identity,
                                                            situation.job().getSpec())
                                                    .output())),
                            clock.instant());
                }
            }
            case RELEASE -> situation.cleanup().ifPresent(found -> delete(found, context));
        }
        return step == Cleanup.Step.RELEASE;
    }

    /** In a namespace that goes, nothing can be made any more, and the volumes go too: then the state is all that is to be removed. */
    private void runCleanup(MapReduceJob job, JobIdentity identity, Context<MapReduceJob> context) throws IOException {
        try {
            new Applier<>("job", found -> true, context)
                    .apply(Job.class, Coordinators.cleanup(identity, job.getSpec(), defaults), Optional.empty());
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            stored(job).delete();
        }
    }
}
