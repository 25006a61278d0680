package dev.quorate.operator.mapreduce;

import dev.quorate.crds.KVCluster;
import dev.quorate.crds.MapReduceJob;
import dev.quorate.operator.resources.ClusterIdentity;
import dev.quorate.operator.resources.Ports;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Map;
import java.util.TreeMap;

/**
 * The names and labels of everything that belongs to one job.
 *
 * @param uid the MapReduceJob's, which owns the objects
 */
public record JobIdentity(String namespace, String name, String uid) {
    /** On every object: the MapReduceJob's name. Never a cluster's label: that one selects nodes. */
    public static final String JOB_LABEL = "quorate.dev/job";

    static final String COMPONENT_LABEL = "app.kubernetes.io/component";
    static final String WORKER = "mapreduce-worker";
    static final String COORDINATOR = "mapreduce-coordinator";
    static final String CLEANUP = "mapreduce-cleanup";

    /** A stored name has up to 63 characters: these, a dash, and the 36 of a UID. */
    private static final int STORED_PREFIX = 26;

    public static JobIdentity of(MapReduceJob job) {
        return new JobIdentity(
                job.getMetadata().getNamespace(),
                job.getMetadata().getName(),
                job.getMetadata().getUid());
    }

    public String workersName() {
        return name + "-workers";
    }

    public String coordinatorName() {
        return name + "-coordinator";
    }

    public String cleanupName() {
        return name + "-cleanup";
    }

    /** The job's name in the cluster that holds its state: one that no other job has, of whatever namespace, now or later. */
    public String storedName() {
        return name.substring(0, Math.min(name.length(), STORED_PREFIX)) + "-" + uid;
    }

    /** Where clients of a cluster of the job's namespace start from. */
    public String seeds(String cluster) {
        return cluster + "." + namespace + ".svc:" + Ports.GRPC;
    }

    Map<String, String> labels(String component) {
        return new TreeMap<>(Map.of(
                "app.kubernetes.io/name",
                "quorate",
                COMPONENT_LABEL,
                component,
                "app.kubernetes.io/instance",
                name,
                ClusterIdentity.MANAGED_BY_LABEL,
                ClusterIdentity.OPERATOR,
                JOB_LABEL,
                name));
    }

    Map<String, String> selector(String component) {
        return new TreeMap<>(Map.of(JOB_LABEL, name, COMPONENT_LABEL, component));
    }

    /** Metadata of an object that goes with the job. */
    ObjectMetaBuilder owned(String objectName, String component) {
        return new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName(objectName)
                .withLabels(labels(component))
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(KVCluster.GROUP + "/" + KVCluster.VERSION)
                        .withKind("MapReduceJob")
                        .withName(name)
                        .withUid(uid)
                        .withController(true)
                        .withBlockOwnerDeletion(true)
                        .build());
    }

    public boolean owns(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream().anyMatch(owner -> uid.equals(owner.getUid()));
    }
}
