package dev.quorate.operator;

import dev.quorate.control.ClusterSpec;
import dev.quorate.control.ControlLoop;
import dev.quorate.control.Database;
import dev.quorate.control.Pass;
import dev.quorate.control.Platform.PlatformException;
import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVClusterSpec;
import dev.quorate.crds.KVClusterStatus;
import dev.quorate.crds.KVGroup;
import dev.quorate.operator.kubernetes.ApiErrors;
import dev.quorate.operator.kubernetes.KubernetesPlatform;
import dev.quorate.operator.resources.ClusterIdentity;
import dev.quorate.operator.resources.NodeDefaults;
import dev.quorate.operator.status.ClusterStatuses;
import dev.quorate.operator.status.Milestones;
import dev.quorate.operator.status.ScaleIn;
import dev.quorate.operator.status.Situation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reconciles KVClusters: one call is one pass of the control loop.
 *
 * <p>It returns no update and asks to be called again, always: the statuses are written by the client, and a change that gets lost between the
 * SDK's caches and queues is seen ten seconds later. Retries never end.
 */
@ControllerConfiguration(
        name = "kvcluster",
        fieldManager = ClusterIdentity.OPERATOR,
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 30, timeUnit = TimeUnit.SECONDS))
@GradualRetry(maxAttempts = -1, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 30_000)
public class KVClusterReconciler implements Reconciler<KVCluster> {
    private static final Logger LOG = LoggerFactory.getLogger(KVClusterReconciler.class);

    private final Settings settings;
    private final Databases databases;
    private final Tokens tokens;
    private final Events events;
    private final NodeDefaults nodeDefaults;
    private final String version;
    private final Clock clock = Clock.systemUTC();

    public KVClusterReconciler(
            Settings settings,
            Databases databases,
            KubernetesClient client,
            @ConfigProperty(name = "quarkus.application.version") String version,
            @ConfigProperty(name = "pod.name") Optional<String> podName) {
        this.settings = settings;
        this.databases = databases;
        this.tokens = new Tokens(client);
        this.events = new Events(client, podName.orElse(ClusterIdentity.OPERATOR));
        this.nodeDefaults = new NodeDefaults(
                settings.nodeImage(),
                settings.nodePullPolicy(),
                Serialization.unmarshal(settings.nodeResources(), ResourceRequirements.class));
        this.version = version;
    }

    @Override
    public List<EventSource<?, KVCluster>> prepareEventSources(EventSourceContext<KVCluster> context) {
        return List.of(
                watch(KVGroup.class, context),
                watch(StatefulSet.class, context),
                watch(Pod.class, context),
                watch(PersistentVolumeClaim.class, context),
                watch(PodDisruptionBudget.class, context),
                watch(Service.class, context));
    }

    /** Only what the operator labelled, whoever owns it: pods are their StatefulSets', volumes nobody's. */
    private static <R extends HasMetadata> EventSource<?, KVCluster> watch(
            Class<R> type, EventSourceContext<KVCluster> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, KVCluster.class)
                        .withLabelSelector(ClusterIdentity.MANAGED_BY_LABEL + "=" + ClusterIdentity.OPERATOR + ","
                                + ClusterIdentity.CLUSTER_LABEL)
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(object -> Stream.ofNullable(
                                        object.getMetadata().getLabels().get(ClusterIdentity.CLUSTER_LABEL))
                                .map(cluster -> new ResourceID(
                                        cluster, object.getMetadata().getNamespace()))
                                .collect(Collectors.toSet()))
                        .build(),
                context);
    }

    @Override
    public UpdateControl<KVCluster> reconcile(KVCluster cluster, Context<KVCluster> context) {
        if (cluster.getMetadata().getDeletionTimestamp() != null) {
            return UpdateControl.noUpdate(); // Kubernetes collects what it owns
        }
        databases.forgetAllBut(context.getPrimaryCache()
                .list()
                .map(known -> known.getMetadata().getUid())
                .collect(Collectors.toSet()));
        Situation situation = settle(cluster, context);
        tell(cluster, situation, context);
        return UpdateControl.<KVCluster>noUpdate().rescheduleAfter(interval(situation, cluster));
    }

    /** Writes the status and events. What can't be written now, because the cluster has just been deleted or changed, is next time. */
    private void tell(KVCluster cluster, Situation situation, Context<KVCluster> context) {
        KVClusterStatus status = ClusterStatuses.of(situation, clock.instant());
        try {
            new Statuses(context).write(cluster, status);
            events.tell(cluster, Milestones.of(cluster.getStatus(), status, situation), clock.instant());
        } catch (KubernetesClientException e) {
            LOG.warn(
                    "event=status_not_written cluster={}/{} reason=\"{}\"",
                    cluster.getMetadata().getNamespace(),
                    cluster.getMetadata().getName(),
                    ApiErrors.words(e));
        }
    }

    /** One pass; what it can't do because of Kubernetes becomes words in the status. */
    private Situation settle(KVCluster cluster, Context<KVCluster> context) {
        try {
            Instant now = clock.instant();
            KubernetesPlatform platform = new KubernetesPlatform(cluster, context, nodeDefaults, version, now);
            Optional<String> obstacle = platform.obstacle(cluster);
            if (obstacle.isPresent()) {
                return new Situation.Stopped(cluster, "VolumesOfFormerCluster", obstacle.get());
            }
            if (cluster.getStatus() == null || cluster.getStatus().clusterId() == null) {
                new Statuses(context).write(cluster, ClusterStatuses.first(cluster, now));
            }
            ClusterIdentity identity = ClusterIdentity.of(cluster);
            Database database = databases.of(identity, tokens.of(identity));
            platform.settleShared();
            Pass pass = new ControlLoop(platform, database)
                    .run(spec(
                            identity,
                            cluster.getSpec(),
                            ScaleIn.of(cluster, now).groups()));
            Situation.Passed passed = new Situation.Passed(cluster, pass, platform.troubles());
            if (passed.mapKnown()) {
                platform.settleScaleLabels(passed.activeGroups());
            }
            new Statuses(context).write(platform.inventory().kvGroups().values(), passed, now);
            return passed;
        } catch (PlatformException e) {
            return stopped(cluster, e.getMessage());
        } catch (KubernetesClientException e) {
            return stopped(cluster, ApiErrors.words(e));
        }
    }

    private static Situation stopped(KVCluster cluster, String words) {
        LOG.warn(
                "event=pass_failed cluster={}/{} reason=\"{}\"",
                cluster.getMetadata().getNamespace(),
                cluster.getMetadata().getName(),
                words);
        return new Situation.Stopped(cluster, "OperatorCannotAct", words);
    }

    private static ClusterSpec spec(ClusterIdentity identity, KVClusterSpec spec, int groups) {
        return new ClusterSpec(
                identity.namespace() + "/" + identity.name(),
                identity.clusterId(),
                groups,
                spec.replicas(),
                spec.shards(),
                spec.rebalance().maxMoves(),
                spec.rebalance().maxMovesPerGroup());
    }

    private Duration interval(Situation situation, KVCluster cluster) {
        Duration untilScaleIn = ScaleIn.of(cluster, clock.instant()).remaining();
        Duration usual = switch (situation) {
            case Situation.Passed passed when !passed.pass().settled() -> settings.progress();
            case Situation.Passed passed -> settings.resync();
            case Situation.Stopped stopped -> settings.resync();
        };
        return untilScaleIn.isPositive() && untilScaleIn.compareTo(usual) < 0 ? untilScaleIn : usual;
    }
}
