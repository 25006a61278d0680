package dev.quorate.operator.kubernetes;

import dev.quorate.api.Member;
import dev.quorate.control.Planner;
import dev.quorate.control.Platform;
import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVClusterSpec;
import dev.quorate.crds.KVGroup;
import dev.quorate.crds.ReclaimPolicy;
import dev.quorate.operator.resources.ClusterIdentity;
import dev.quorate.operator.resources.DisruptionBudgets;
import dev.quorate.operator.resources.KVGroups;
import dev.quorate.operator.resources.NodeDefaults;
import dev.quorate.operator.resources.NodePods;
import dev.quorate.operator.resources.Ports;
import dev.quorate.operator.resources.Services;
import dev.quorate.operator.resources.StatefulSets;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One cluster on Kubernetes, for one pass. */
public final class KubernetesPlatform implements Platform {
    private final ClusterIdentity cluster;
    private final KVClusterSpec spec;
    private final boolean formedBefore;
    private final NodeDefaults defaults;
    private final String version;
    private final Inventory inventory;
    private final Applier<KVCluster> applier;
    private final KubernetesClient client;
    private final SortedMap<String, Trouble> troubles = new TreeMap<>();

    /** @param version the operator's */
    public KubernetesPlatform(
            KVCluster resource, Context<KVCluster> context, NodeDefaults defaults, String version, Instant now) {
        this.cluster = ClusterIdentity.of(resource);
        this.spec = resource.getSpec();
        this.formedBefore = spec.adoptClusterId() != null
                || resource.getStatus() != null && resource.getStatus().epoch() != null;
        this.version = version;
        this.inventory = Inventory.of(cluster, context);
        this.applier = new Applier<>("cluster", cluster::owns, context);
        this.client = context.getClient();
        this.defaults = Optional.ofNullable(inventory.statefulSets().get(Planner.ROOT))
                .map(root -> defaults.withImage(StatefulSets.image(root)))
                .orElse(defaults);
        for (Pod pod : inventory.pods()) {
            String name = pod.getMetadata().getName();
            Trouble.of(pod, inventory.claim(claimName(name)), now).ifPresent(trouble -> troubles.put(name, trouble));
        }
    }

    public Inventory inventory() {
        return inventory;
    }

    /** What keeps pods from running, by pod. */
    public SortedMap<String, Trouble> troubles() {
        return troubles;
    }

    /** What stands against making the cluster's first pods. The watches may have seen the KVCluster before its volumes, so the API server is asked for these. */
    public Optional<String> obstacle(KVCluster resource) {
        return inventory.statefulSets().isEmpty() ? Adoption.obstacle(resource, claimsNow()) : Optional.empty();
    }

    private List<PersistentVolumeClaim> claimsNow() {
        return client.persistentVolumeClaims()
                .inNamespace(cluster.namespace())
                .withLabels(cluster.selector())
                .list()
                .getItems();
    }

    /** Makes what all groups share, and brings what is there up to what is asked for. */
    public void settleShared() {
        applyService(Services.peers(cluster));
        applyService(Services.clients(cluster));
        inventory
                .statefulSets()
                .forEach((group, found) -> ifPresent(StatefulSet.class, found, statefulSet(group, size(group))));
        inventory
                .budgets()
                .forEach((group, found) ->
                        ifPresent(PodDisruptionBudget.class, found, DisruptionBudgets.build(cluster, group)));
        inventory.kvGroups().forEach((group, found) -> ifPresent(KVGroup.class, found, KVGroups.build(cluster, group)));
        ownClaims().forEach(this::settleOwner);
    }

    /** Shows autoscalers one pod of each of these groups. */
    public void settleScaleLabels(Set<Integer> activeGroups) {
        ScaleLabels.settle(
                inventory,
                activeGroups,
                (pod, wanted) -> applier.write(
                        Pod.class,
                        new PodBuilder()
                                .withMetadata(fencedMetadata(pod)
                                        .withLabels(
                                                wanted
                                                        ? Map.of(
                                                                ClusterIdentity.SCALE_LABEL,
                                                                ClusterIdentity.SCALE_ACTIVE)
                                                        : Map.of())
                                        .build())
                                .build()));
    }

    @Override
    public List<Group> groups() {
        return inventory.groups().stream()
                .map(group -> new Group(
                        group,
                        inventory.complete(group),
                        BootstrapRecord.read(inventory.kvGroups().get(group)),
                        size(group),
                        nodes(group)))
                .toList();
    }

    /** An adopted id names a cluster that was; a status has an epoch from when the map is first read on, and keeps it. */
    @Override
    public boolean formedBefore() {
        return formedBefore;
    }

    /** How many pods the group's StatefulSet asks for; none when there is no StatefulSet. */
    private int size(int group) {
        return Optional.ofNullable(inventory.statefulSets().get(group))
                .map(found -> found.getSpec().getReplicas())
                .orElse(0);
    }

    /** Also those whose pods are not there at this moment: a pod on its way back counts before the next one is restarted. */
    private List<Node> nodes(int group) {
        SortedMap<String, Node> nodes = new TreeMap<>();
        for (int ordinal = 0; ordinal < size(group); ordinal++) {
            String name = cluster.pod(group, ordinal);
            NodeAddress address = new NodeAddress(cluster.host(name), Ports.ADMIN);
            nodes.put(name, new Node(name, address, false, false, false, "its pod is not there yet"));
        }
        inventory
                .pods(group)
                .forEach(pod -> nodes.computeIfPresent(pod.getMetadata().getName(), (_, _) -> node(group, pod)));
        return List.copyOf(nodes.values());
    }

    private Node node(int group, Pod pod) {
        String name = pod.getMetadata().getName();
        String address = pod.getStatus().getPodIP();
        boolean running = address != null
                && pod.getStatus().getContainerStatuses().stream().anyMatch(KubernetesPlatform::running);
        String trouble = Optional.ofNullable(troubles.get(name))
                .map(Trouble::words)
                .orElse(Inventory.terminating(pod) ? "its pod is being deleted" : "");
        // By its address: a name that the cluster's DNS has just answered "unknown" to stays unknown for a while.
        return new Node(
                name,
                new NodeAddress(address == null ? cluster.host(name) : address, Ports.ADMIN),
                running,
                ready(pod),
                outdated(inventory.statefulSets().get(group), pod),
                trouble);
    }

    private static boolean running(ContainerStatus status) {
        return status.getState() != null && status.getState().getRunning() != null;
    }

    static boolean ready(Pod pod) {
        return !Inventory.terminating(pod)
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }

    /** It was made from another template than the StatefulSet's; unknown while Kubernetes has not looked at that yet. */
    private static boolean outdated(StatefulSet statefulSet, Pod pod) {
        if (statefulSet == null
                || Inventory.terminating(pod)
                || statefulSet.getStatus() == null
                || statefulSet.getStatus().getUpdateRevision() == null
                || !statefulSet
                        .getMetadata()
                        .getGeneration()
                        .equals(statefulSet.getStatus().getObservedGeneration())) {
            return false;
        }
        String revision = pod.getMetadata().getLabels().get("controller-revision-hash");
        return !statefulSet.getStatus().getUpdateRevision().equals(revision);
    }

    @Override
    public void createGroup(int group, int nodes) {
        reported("create group " + group, () -> {
            applyUnlessLeaving(KVGroup.class, inventory.kvGroups().get(group), KVGroups.build(cluster, group));
            applyUnlessLeaving(
                    PodDisruptionBudget.class, inventory.budgets().get(group), DisruptionBudgets.build(cluster, group));
            applyUnlessLeaving(
                    StatefulSet.class,
                    inventory.statefulSets().get(group),
                    statefulSet(group, Math.max(nodes, size(group))));
        });
    }

    /** Volumes first, if they are to go: Kubernetes keeps them for as long as their pods are there, and an operator that is killed here does all of it again. */
    @Override
    public void resizeGroup(int group, int nodes) {
        reported("give group " + group + " " + nodes + " nodes", () -> {
            if (spec.reclaimPolicy() == ReclaimPolicy.Delete) {
                Set<String> leaving = IntStream.range(nodes, size(group))
                        .mapToObj(ordinal -> claimName(cluster.pod(group, ordinal)))
                        .collect(Collectors.toSet());
                ownClaims()
                        .filter(claim -> leaving.contains(claim.getMetadata().getName()))
                        .forEach(this::delete);
            }
            applyUnlessLeaving(StatefulSet.class, inventory.statefulSets().get(group), statefulSet(group, nodes));
        });
    }

    private static String claimName(String pod) {
        return NodePods.DATA_VOLUME + "-" + pod;
    }

    @Override
    public void recordMembers(int group, List<Member> members) {
        reported(
                "record the members of group " + group,
                () -> new BootstrapRecord(client, cluster).keep(group, members));
    }

    @Override
    public void restartNode(int group, String node) {
        reported(
                "restart " + node,
                () -> inventory.pods(group).stream()
                        .filter(pod -> pod.getMetadata().getName().equals(node) && !Inventory.terminating(pod))
                        .findFirst()
                        .ifPresent(pod ->
                                client.resource(pod).lockResourceVersion().delete()));
    }

    @Override
    public void deleteGroup(int group) {
        reported("delete group " + group, () -> {
            delete(inventory.kvGroups().get(group));
            delete(inventory.budgets().get(group));
            delete(inventory.statefulSets().get(group));
            if (spec.reclaimPolicy() == ReclaimPolicy.Delete) {
                ownClaims()
                        .filter(claim -> ClusterIdentity.group(claim).equals(Optional.of(group)))
                        .forEach(this::delete);
            }
        });
    }

    /** Not those of a former cluster of the same name. */
    private Stream<PersistentVolumeClaim> ownClaims() {
        return inventory.claims().stream()
                .filter(claim -> cluster.clusterId()
                        .equals(claim.getMetadata().getLabels().get(ClusterIdentity.CLUSTER_ID_LABEL)));
    }

    private StatefulSet statefulSet(int group, int nodes) {
        Optional<StatefulSet> existing =
                Optional.ofNullable(inventory.statefulSets().get(group));
        return StatefulSets.build(cluster, spec, defaults, group, nodes, existing, version);
    }

    private void applyService(Service desired) {
        applier.apply(
                Service.class, desired, inventory.service(desired.getMetadata().getName()));
    }

    private <R extends HasMetadata> void ifPresent(Class<R> type, R found, R desired) {
        if (!Inventory.terminating(found)) {
            applier.apply(type, desired, Optional.of(found));
        }
    }

    private <R extends HasMetadata> void applyUnlessLeaving(Class<R> type, R found, R desired) {
        if (found == null || !Inventory.terminating(found)) {
            applier.apply(type, desired, Optional.ofNullable(found));
        }
    }

    /** A volume goes with its cluster if that is asked for: then the KVCluster owns it, and Kubernetes collects it. */
    private void settleOwner(PersistentVolumeClaim claim) {
        boolean wanted = spec.reclaimPolicy() == ReclaimPolicy.Delete;
        if (wanted == cluster.owns(claim) || Inventory.terminating(claim)) {
            return;
        }
        ObjectMetaBuilder metadata = fencedMetadata(claim);
        if (wanted) {
            metadata.withOwnerReferences(cluster.owner());
        }
        applier.write(
                PersistentVolumeClaim.class,
                new PersistentVolumeClaimBuilder()
                        .withMetadata(metadata.build())
                        .build());
    }

    /** Names an object that something else made; the UID, so that it is not made when it is gone. */
    private static ObjectMetaBuilder fencedMetadata(HasMetadata object) {
        ObjectMeta metadata = object.getMetadata();
        return new ObjectMetaBuilder()
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid());
    }

    private void delete(HasMetadata object) {
        if (object != null && !Inventory.terminating(object)) {
            client.resource(object).delete();
        }
    }

    private static void reported(String what, Runnable work) {
        try {
            work.run();
        } catch (KubernetesClientException e) {
            throw new PlatformException("could not " + what + ": " + ApiErrors.words(e), e);
        }
    }
}
