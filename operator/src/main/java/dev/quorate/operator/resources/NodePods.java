package dev.quorate.operator.resources;

import dev.quorate.control.Planner;
import dev.quorate.crds.KVClusterSpec;
import dev.quorate.crds.SchedulingSpec;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The pod of a node: one container that may do nothing but run the node and write to its volume. */
public final class NodePods {
    /** The container's name. */
    public static final String CONTAINER = "node";

    /** The volume's name in the pod; its claim is {@code data-<pod>}. */
    public static final String DATA_VOLUME = "data";

    /** Longer than any hand-over and flush takes: leadership goes first, then held requests, then the log is closed. */
    static final long GRACE_SECONDS = 60;

    private static final long USER_ID = 10001;
    private static final String DATA_MOUNT = "/var/lib/quorate";
    private static final String TOKEN_MOUNT = "/etc/quorate/secret";
    /** The heap; RocksDB and buffers take the rest of the limit. All else is set by the image. */
    private static final String JAVA_OPTIONS = "-XX:MaxRAMPercentage=40";

    private NodePods() {}

    static PodTemplateSpec template(ClusterIdentity cluster, KVClusterSpec spec, NodeDefaults defaults, int group) {
        SchedulingSpec scheduling = Objects.requireNonNullElse(spec.scheduling(), new SchedulingSpec(null, null, null));
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(cluster.nodeLabels(group))
                .endMetadata()
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withSecurityContext(RestrictedSecurity.ofPod(USER_ID))
                .withNodeSelector(scheduling.nodeSelector())
                .withTolerations(scheduling.tolerations())
                .withAffinity(scheduling.affinity() == null ? apart(cluster.selector(group)) : scheduling.affinity())
                .withContainers(container(cluster, spec, defaults, group))
                .withVolumes(temporaryFiles(), token(cluster))
                .endSpec()
                .build();
    }

    private static Container container(ClusterIdentity cluster, KVClusterSpec spec, NodeDefaults defaults, int group) {
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(spec.image() == null ? defaults.image() : spec.image())
                .withImagePullPolicy(defaults.pullPolicy())
                .withEnv(environment(cluster, spec, group))
                .withPorts(
                        port("redis", Ports.REDIS),
                        port("peer", Ports.PEER),
                        port("admin", Ports.ADMIN),
                        port("grpc", Ports.GRPC),
                        port("http", Ports.HTTP))
                .withResources(spec.resources() == null ? defaults.resources() : spec.resources())
                // Recovery reads the log back: five minutes before a start counts as failed.
                .withStartupProbe(probe("/q/health/live", 2, 5, 150))
                .withReadinessProbe(probe("/q/health/ready", 3, 3, 2))
                .withLivenessProbe(probe("/q/health/live", 10, 5, 6))
                // A node that refuses to start says why in its last lines; they become words in the cluster's status.
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withSecurityContext(RestrictedSecurity.ofContainer())
                .withVolumeMounts(
                        new VolumeMountBuilder()
                                .withName(DATA_VOLUME)
                                .withMountPath(DATA_MOUNT)
                                .build(),
                        new VolumeMountBuilder()
                                .withName("tmp")
                                .withMountPath("/tmp")
                                .build(),
                        new VolumeMountBuilder()
                                .withName("token")
                                .withMountPath(TOKEN_MOUNT)
                                .withReadOnly(true)
                                .build())
                .build();
    }

    private static List<EnvVar> environment(ClusterIdentity cluster, KVClusterSpec spec, int group) {
        EnvVar name = new EnvVarBuilder()
                .withName("QUORATE_NAME")
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath("metadata.name")
                .endFieldRef()
                .endValueFrom()
                .build();
        return List.of(
                name,
                value("QUORATE_HOST", cluster.host("$(QUORATE_NAME)")),
                value("QUORATE_CLUSTER_ID", cluster.clusterId()),
                value("QUORATE_GROUP_ID", Integer.toString(group)),
                // Below the mount: a fresh file system is not empty, it has a lost+found.
                value("QUORATE_DATA_DIRECTORY", DATA_MOUNT + "/data"),
                value("QUORATE_ROOT_PEERS", cluster.rootPeers(Planner.ROOT)),
                value("QUORATE_TOKEN_FILE", TOKEN_MOUNT + "/" + TokenSecrets.KEY),
                value("JDK_JAVA_OPTIONS", JAVA_OPTIONS));
    }

    private static EnvVar value(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static ContainerPort port(String name, int number) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol("TCP")
                .build();
    }

    private static Probe probe(String path, int periodSeconds, int timeoutSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort("http")
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(timeoutSeconds)
                .withFailureThreshold(failures)
                .build();
    }

    /** RocksDB unpacks its library there; the root file system can't be written. */
    private static Volume temporaryFiles() {
        return new VolumeBuilder()
                .withName("tmp")
                .withNewEmptyDir()
                .withSizeLimit(new Quantity("256Mi"))
                .endEmptyDir()
                .build();
    }

    private static Volume token(ClusterIdentity cluster) {
        return new VolumeBuilder()
                .withName("token")
                .withNewSecret()
                .withSecretName(cluster.tokenSecret())
                .withDefaultMode(0440)
                .endSecret()
                .build();
    }

    /** Members of a group on different Kubernetes nodes, where there are enough. */
    private static Affinity apart(Map<String, String> group) {
        return new AffinityBuilder()
                .withNewPodAntiAffinity()
                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                .withWeight(100)
                .withNewPodAffinityTerm()
                .withTopologyKey("kubernetes.io/hostname")
                .withNewLabelSelector()
                .withMatchLabels(group)
                .endLabelSelector()
                .endPodAffinityTerm()
                .endPreferredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .build();
    }
}
