package dev.quorate.operator.resources;

import dev.quorate.crds.KVCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The names and labels of everything that belongs to one cluster.
 *
 * @param namespace of all its objects
 * @param name the KVCluster's
 * @param uid the KVCluster's, which owns the objects
 * @param clusterId what the disks carry: the UID, or that of the cluster whose volumes were adopted
 */
public record ClusterIdentity(String namespace, String name, String uid, String clusterId) {
    /** On every object: the KVCluster's name. */
    public static final String CLUSTER_LABEL = "quorate.dev/cluster";

    /** On every object of a group: its id. */
    public static final String GROUP_LABEL = "quorate.dev/group";

    /** On pods and volumes: the cluster's id, which outlives the KVCluster. */
    public static final String CLUSTER_ID_LABEL = "quorate.dev/cluster-id";

    /** On one pod of each Active group: autoscalers multiply by the ready pods that they select, and scale groups. */
    public static final String SCALE_LABEL = "quorate.dev/scale-unit";

    public static final String SCALE_ACTIVE = "active-group";

    /** On everything that the operator made; what its watches select. */
    public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";

    private static final int ROOT_PEERS = 3;

    public static final String OPERATOR = "quorate-operator";

    public static ClusterIdentity of(KVCluster cluster) {
        String uid = cluster.getMetadata().getUid();
        String adopted = cluster.getSpec().adoptClusterId();
        return new ClusterIdentity(
                cluster.getMetadata().getNamespace(),
                cluster.getMetadata().getName(),
                uid,
                adopted == null ? uid : adopted);
    }

    /** Of a group's StatefulSet, KVGroup and disruption budget. */
    public String groupName(int group) {
        return name + "-g" + group;
    }

    public String pod(int group, int ordinal) {
        return groupName(group) + "-" + ordinal;
    }

    /** The headless Service that gives each pod a name of its own, ready or not. */
    public String peersService() {
        return name + "-peers";
    }

    /** The Service that clients start from. */
    public String clientService() {
        return name;
    }

    public String tokenSecret() {
        return name + "-token";
    }

    /** Where a pod is reached by peers and clients. */
    public String host(String pod) {
        return pod + "." + peersService() + "." + namespace + ".svc";
    }

    /**
     * The root group's first pods, as nodes of other groups look for them when they know nothing newer. Always so many, whether they exist or not: pods whose
     * template followed the number of replicas would all restart with it.
     */
    public String rootPeers(int rootGroup) {
        return IntStream.range(0, ROOT_PEERS)
                .mapToObj(ordinal -> host(pod(rootGroup, ordinal)) + ":" + Ports.PEER)
                .collect(Collectors.joining(","));
    }

    public Map<String, String> labels() {
        return new TreeMap<>(Map.of(
                "app.kubernetes.io/name",
                "quorate",
                "app.kubernetes.io/component",
                "node",
                "app.kubernetes.io/instance",
                name,
                MANAGED_BY_LABEL,
                OPERATOR,
                CLUSTER_LABEL,
                name));
    }

    public Map<String, String> labels(int group) {
        Map<String, String> labels = labels();
        labels.put(GROUP_LABEL, Integer.toString(group));
        return labels;
    }

    /** Those of the group's pods and volumes. */
    public Map<String, String> nodeLabels(int group) {
        Map<String, String> labels = labels(group);
        labels.put(CLUSTER_ID_LABEL, clusterId);
        return labels;
    }

    /** What selects the cluster's pods. */
    public Map<String, String> selector() {
        return Map.of(CLUSTER_LABEL, name);
    }

    /** What selects the group's pods. */
    public Map<String, String> selector(int group) {
        return new TreeMap<>(Map.of(CLUSTER_LABEL, name, GROUP_LABEL, Integer.toString(group)));
    }

    /** What an autoscaler selects: one pod of each Active group. */
    public String scaleSelector() {
        return CLUSTER_LABEL + "=" + name + "," + SCALE_LABEL + "=" + SCALE_ACTIVE;
    }

    /** What goes with the KVCluster, but is made by something else. */
    public OwnerReference owner() {
        return new OwnerReferenceBuilder()
                .withApiVersion(KVCluster.GROUP + "/" + KVCluster.VERSION)
                .withKind("KVCluster")
                .withName(name)
                .withUid(uid)
                .build();
    }

    private OwnerReference controller() {
        return new OwnerReferenceBuilder(owner())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }

    /** Metadata of an object that goes with the cluster. */
    ObjectMetaBuilder owned(String objectName, Map<String, String> labels) {
        return new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(objectName)
                .withLabels(labels)
                .withOwnerReferences(controller());
    }

    public boolean owns(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream().anyMatch(owner -> uid.equals(owner.getUid()));
    }

    /** The group that an object is labelled with. */
    public static Optional<Integer> group(HasMetadata object) {
        String label = object.getMetadata().getLabels().get(GROUP_LABEL);
        return label == null || !label.matches("[1-9][0-9]{0,8}")
                ? Optional.empty()
                : Optional.of(Integer.parseInt(label));
    }
}
