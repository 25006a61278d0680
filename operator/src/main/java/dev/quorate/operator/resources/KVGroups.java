package dev.quorate.operator.resources;

import dev.quorate.crds.KVGroup;
import dev.quorate.crds.KVGroupSpec;

/** The KVGroup of a group, without its status. */
public final class KVGroups {
    private KVGroups() {}

    public static KVGroup build(ClusterIdentity cluster, int group) {
        KVGroup kvGroup = new KVGroup();
        kvGroup.setMetadata(
                cluster.owned(cluster.groupName(group), cluster.labels(group)).build());
        kvGroup.setSpec(new KVGroupSpec(cluster.name(), cluster.clusterId(), group));
        return kvGroup;
    }
}
