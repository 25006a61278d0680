package dev.quorate.operator.resources;

import dev.quorate.crds.KVClusterSpec;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A group's StatefulSet. Parallel, so that a pod which can't start holds up no other; OnDelete, since the planner decides which pod restarts
 * when; volumes are kept whatever happens to it.
 *
 * <p><em>An upgrade of the operator restarts nothing.</em> Pods restart when their template changes, and a newer operator may build another
 * template from the same KVCluster. So a StatefulSet carries the operator's version and a digest of what the KVCluster says of pods: a newer
 * operator leaves the template as it found it until the KVCluster says something else. A group made later takes its image from the root group.
 */
public final class StatefulSets {
    static final String BUILT_BY = "quorate.dev/built-by";
    static final String POD_DIGEST = "quorate.dev/pod-digest";

    private StatefulSets() {}

    /**
     * The StatefulSet as it shall be.
     *
     * @param nodes how many pods
     * @param existing the group's, if it has one
     * @param version the operator's
     */
    public static StatefulSet build(
            ClusterIdentity cluster,
            KVClusterSpec spec,
            NodeDefaults defaults,
            int group,
            int nodes,
            Optional<StatefulSet> existing,
            String version) {
        String digest = podDigest(spec);
        Optional<StatefulSet> kept = existing.filter(found -> keepsTemplate(found, digest, version));
        PodTemplateSpec template = kept.map(found -> found.getSpec().getTemplate())
                .orElseGet(() -> NodePods.template(cluster, spec, defaults, group));
        String builtBy = kept.map(found -> annotation(found, BUILT_BY)).orElse(version);
        return new StatefulSetBuilder()
                .withMetadata(cluster.owned(cluster.groupName(group), cluster.labels(group))
                        .addToAnnotations(BUILT_BY, builtBy)
                        .addToAnnotations(POD_DIGEST, digest)
                        .build())
                .withNewSpec()
                .withServiceName(cluster.peersService())
                .withReplicas(nodes)
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withRevisionHistoryLimit(3)
                .withNewPersistentVolumeClaimRetentionPolicy("Retain", "Retain")
                .withNewSelector()
                .withMatchLabels(cluster.selector(group))
                .endSelector()
                .withTemplate(template)
                .withVolumeClaimTemplates(claim(cluster, spec, group))
                .endSpec()
                .build();
    }

    /** The image of a StatefulSet's pods. */
    public static String image(StatefulSet statefulSet) {
        return statefulSet.getSpec().getTemplate().getSpec().getContainers().stream()
                .filter(container -> container.getName().equals(NodePods.CONTAINER))
                .findFirst()
                .orElseThrow()
                .getImage();
    }

    private static boolean keepsTemplate(StatefulSet found, String digest, String version) {
        return digest.equals(annotation(found, POD_DIGEST)) && !version.equals(annotation(found, BUILT_BY));
    }

    private static String annotation(StatefulSet statefulSet, String name) {
        return Objects.requireNonNullElse(statefulSet.getMetadata().getAnnotations(), Map.<String, String>of())
                .get(name);
    }

    /** What a KVCluster says of pods, in short. */
    private static String podDigest(KVClusterSpec spec) {
        return Digests.of(Objects.toString(spec.image()), spec.resources(), spec.scheduling());
    }

    private static PersistentVolumeClaim claim(ClusterIdentity cluster, KVClusterSpec spec, int group) {
        return new PersistentVolumeClaimBuilder()
                .withApiVersion("v1")
                .withKind("PersistentVolumeClaim")
                .withNewMetadata()
                .withName(NodePods.DATA_VOLUME)
                .withLabels(cluster.nodeLabels(group))
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(spec.storage().storageClassName())
                .withNewResources()
                .addToRequests("storage", new Quantity(spec.storage().size()))
                .endResources()
                .endSpec()
                .build();
    }
}
