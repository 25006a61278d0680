package dev.quorate.operator;

import dev.quorate.control.Platform;
import dev.quorate.operator.resources.ClusterIdentity;
import dev.quorate.operator.resources.StatefulSets;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Kubernetes itself does to StatefulSets: pods and volumes for each, gone with it (but for the volumes). A step at a time, when the test
 * says so. Pods of an image called {@code broken} can't pull it.
 */
final class FakeKubelet {
    static final String BROKEN_IMAGE = "quorate/node:broken";

    private final KubernetesClient client;
    private final String namespace;
    private final Map<String, Boolean> unbound = new ConcurrentHashMap<>();

    FakeKubelet(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** Claims of this StorageClass are never bound. */
    void cannotBind(String storageClass) {
        unbound.put(storageClass, true);
    }

    /** Brings pods and volumes up to the StatefulSets. */
    void step() {
        Map<String, StatefulSet> sets = new HashMap<>();
        client.apps()
                .statefulSets()
                .inNamespace(namespace)
                .list()
                .getItems()
                .forEach(set -> sets.put(set.getMetadata().getUid(), set));
        client.pods().inNamespace(namespace).list().getItems().stream()
                .filter(pod -> !sets.containsKey(
                        pod.getMetadata().getOwnerReferences().getFirst().getUid()))
                .forEach(pod -> client.resource(pod).delete());
        sets.values().forEach(this::run);
    }

    private void run(StatefulSet set) {
        String revision = revision(set);
        boolean observed = set.getStatus() != null
                && revision.equals(set.getStatus().getUpdateRevision())
                && set.getMetadata().getGeneration().equals(set.getStatus().getObservedGeneration());
        if (!observed) {
            client.resource(new StatefulSetBuilder(set)
                            .withNewStatus()
                            .withUpdateRevision(revision)
                            .withObservedGeneration(set.getMetadata().getGeneration())
                            .endStatus()
                            .build())
                    .updateStatus();
        }
        int asked = set.getSpec().getReplicas();
        client
                .pods()
                .inNamespace(namespace)
                .withLabels(set.getSpec().getSelector().getMatchLabels())
                .list()
                .getItems()
                .stream()
                .filter(pod -> Platform.ordinal(pod.getMetadata().getName()) >= asked)
                .forEach(pod -> client.resource(pod).delete());
        for (int ordinal = 0; ordinal < asked; ordinal++) {
            String name = set.getMetadata().getName() + "-" + ordinal;
            if (client.pods().inNamespace(namespace).withName(name).get() == null) {
                // A claim is made just before its pod, and not again as long as that is there.
                boolean bound = claim(set, name);
                client.resource(pod(set, name, ordinal, revision, bound)).create();
            }
        }
    }

    static String revision(StatefulSet set) {
        return set.getMetadata().getName() + "-"
                + Integer.toHexString(StatefulSets.image(set).hashCode());
    }

    private boolean claim(StatefulSet set, String pod) {
        PersistentVolumeClaim template = set.getSpec().getVolumeClaimTemplates().getFirst();
        boolean bound = template.getSpec().getStorageClassName() == null
                || !unbound.containsKey(template.getSpec().getStorageClassName());
        String name = template.getMetadata().getName() + "-" + pod;
        if (client.persistentVolumeClaims()
                        .inNamespace(namespace)
                        .withName(name)
                        .get()
                == null) {
            client.resource(new PersistentVolumeClaimBuilder(template)
                            .editMetadata()
                            .withName(name)
                            .withNamespace(namespace)
                            .endMetadata()
                            .withNewStatus()
                            .withPhase(bound ? "Bound" : "Pending")
                            .endStatus()
                            .build())
                    .create();
        }
        return bound;
    }

    private Pod pod(StatefulSet set, String name, int ordinal, String revision, boolean bound) {
        String group = set.getMetadata().getLabels().get(ClusterIdentity.GROUP_LABEL);
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .withCreationTimestamp(Instant.now().minusSeconds(60).toString())
                .withLabels(set.getSpec().getTemplate().getMetadata().getLabels())
                .addToLabels("controller-revision-hash", revision)
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("apps/v1")
                        .withKind("StatefulSet")
                        .withName(set.getMetadata().getName())
                        .withUid(set.getMetadata().getUid())
                        .withController(true)
                        .build())
                .endMetadata()
                .withSpec(set.getSpec().getTemplate().getSpec())
                .withStatus(
                        bound
                                ? status(StatefulSets.image(set), address(Integer.parseInt(group), ordinal))
                                : unscheduled())
                .build();
    }

    /** Says which node it is to {@link FakeDatabase}. */
    static String address(int group, int ordinal) {
        return "10.0." + group + "." + ordinal;
    }

    private static PodStatus status(String image, String address) {
        boolean broken = image.equals(BROKEN_IMAGE);
        var container = new ContainerStatusBuilder()
                .withName("node")
                .withImage(image)
                .withReady(!broken)
                .withNewState();
        var state = broken
                ? container.withNewWaiting("Back-off pulling image", "ImagePullBackOff")
                : container.withNewRunning(Instant.now().toString());
        return new PodStatusBuilder()
                .withPhase(broken ? "Pending" : "Running")
                .withPodIP(broken ? null : address)
                .addNewCondition()
                .withType("Ready")
                .withStatus(broken ? "False" : "True")
                .endCondition()
                .withContainerStatuses(List.of(state.endState().build()))
                .build();
    }

    private static PodStatus unscheduled() {
        return new PodStatusBuilder()
                .withPhase("Pending")
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .withMessage("0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims")
                .endCondition()
                .build();
    }
}
