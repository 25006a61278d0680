package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * One Raft group of a {@link KVCluster}, to be read. The operator makes it from the shard map and makes it again when it is deleted; a change by
 * hand has no effect but on what is shown. {@code status.members} is the bootstrap record: written before the group's first start, never changed.
 */
@JsonClassDescription(
        "One Raft group of a KVCluster, for reading only: the operator makes it from the shard map, and makes it again when it is deleted. "
                + "To change a cluster, change its KVCluster.")
@Group(KVCluster.GROUP)
@Version(KVCluster.VERSION)
@Kind("KVGroup")
@Plural("kvgroups")
@ShortNames("kvg")
@AdditionalPrinterColumn(name = "Cluster", jsonPath = ".spec.cluster", type = Type.STRING)
@AdditionalPrinterColumn(name = "State", jsonPath = ".status.state", type = Type.STRING)
@AdditionalPrinterColumn(name = "Shards", jsonPath = ".status.shards", type = Type.INTEGER)
@AdditionalPrinterColumn(name = "Leader", jsonPath = ".status.leader", type = Type.STRING)
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.ready", type = Type.STRING)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = Type.DATE)
public class KVGroup extends CustomResource<KVGroupSpec, KVGroupStatus> implements Namespaced {
    @Override
    @Required
    public KVGroupSpec getSpec() {
        return super.getSpec();
    }
}
