package dev.quorate.crds;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A sharded key/value store: {@code spec.groups} Raft groups of {@code spec.replicas} members each.
 *
 * <p>Names are bounded because others are made of them. A group's StatefulSet is {@code <cluster>-g<group id>}, and Kubernetes labels its pods with
 * that name, a dash and a hash of up to ten characters, in a label of at most 63: so the StatefulSet's name may have 52 characters. A group id has
 * up to ten digits. 52 - 2 - 10 leaves {@value #MAX_NAME_LENGTH} for the cluster's. Services are named after it as well, so it starts with a
 * letter and has no dots.
 */
@Group(KVCluster.GROUP)
@Version(KVCluster.VERSION)
@Kind("KVCluster")
@Plural("kvclusters")
@ShortNames("kvc")
@AdditionalPrinterColumn(name = "Groups", jsonPath = ".status.groups", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Shards", jsonPath = ".spec.shards", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Leaders", jsonPath = ".status.leading", type = Type.STRING)
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type=='Ready')].status", type = Type.STRING)
@AdditionalPrinterColumn(name = "Moving", jsonPath = ".status.moving", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.message", type = Type.STRING, priority = 1)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
@ValidationRule(
        value = "self.metadata.name.size() <= 40",
        message =
                "metadata.name may have at most 40 characters, so that the names and labels of the cluster's pods fit into 63.")
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        message =
                "metadata.name must start with a letter, end with a letter or digit, and have only lower-case letters, digits and dashes,"
                        + " since Services are named after it.")
@ValidationRule(
        value =
                "!has(oldSelf.status) || !has(oldSelf.status.clusterId) || (has(self.spec.adoptClusterId) == has(oldSelf.spec.adoptClusterId)"
                        + " && (!has(self.spec.adoptClusterId) || self.spec.adoptClusterId == oldSelf.spec.adoptClusterId))",
        message =
                "spec.adoptClusterId can only be changed before the cluster has an id (status.clusterId): its disks carry that id.")
public class KVCluster extends CustomResource<KVClusterSpec, KVClusterStatus> implements Namespaced {
    public static final String GROUP = "quorate.dev";
    public static final String VERSION = "v1alpha1";
    public static final int MAX_NAME_LENGTH = 40;

    @Override
    @Required
    public KVClusterSpec getSpec() {
        return super.getSpec();
    }
}
