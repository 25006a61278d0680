package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;

/** What a cluster shall be. Absent fields take their defaults; {@code image} and {@code resources} take the operator's. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.groups <= self.shards",
        message = "spec.groups may be at most spec.shards: every group owns at least one shard.",
        fieldPath = ".groups")
public record KVClusterSpec(
        @SpecReplicas
        @Default(DEFAULT_GROUPS + "")
        @ValidationRule(
                value = "self >= 1",
                message = "spec.groups must be 1 or more: the last group keeps the shard map and is never removed.")
        @JsonPropertyDescription(
                "How many Raft groups the shards are spread over. Change it at any time: shards move live. At least 1, at most spec.shards.")
        Integer groups,

        @Default(DEFAULT_REPLICAS + "")
        @ValidationRule(
                value = "self in [1, 3, 5, 7, 9]",
                message = "spec.replicas must be 1, 3, 5, 7 or 9: a group of 2n+1 members survives the loss of n.")
        @JsonPropertyDescription(
                "Members of each group, each a pod with a volume: an odd number from 1 to 9. Change it at any time: new members join with the data"
                        + " before they get a vote, and those that leave give up theirs before their pods go.")
        Integer replicas,

        @Default(DEFAULT_SHARDS + "")
        @ValidationRule(
                value = "self in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384]",
                message = "spec.shards must be a power of two from 1 to 16384.")
        @ValidationRule(
                value = "self == oldSelf",
                message =
                        "spec.shards can't be changed: every key's place follows from it. Make a cluster with the number wanted and copy the data.")
        @JsonPropertyDescription(
                "How many shards the keys fall into: a power of two from 1 to 16384. Can't be changed.")
        Integer shards,

        @Default("{}") @JsonPropertyDescription("The volume of each member.")
        StorageSpec storage,

        @Size(min = 1, max = 512)
        @JsonPropertyDescription(
                "The node's container image. The operator's default when absent. Changing it restarts the pods one at a time, the"
                        + " leaders last.")
        String image,

        @JsonPropertyDescription("Compute resources of each pod. The operator's default when absent.")
        ResourceRequirements resources,

        @JsonPropertyDescription("Where pods may run.") SchedulingSpec scheduling,

        @Default("Retain")
        @JsonPropertyDescription(
                "What happens to the volumes of a group that was removed, and to all of them when the cluster is deleted.")
        ReclaimPolicy reclaimPolicy,

        @Size(max = 36)
        @ValidationRule(
                value = "self.matches('^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')",
                message =
                        "spec.adoptClusterId must be the id of a former cluster of this name: the UUID that was its status.clusterId.")
        @JsonPropertyDescription("The id of a former cluster of this name whose retained volumes this one takes over.")
        String adoptClusterId,

        @Default("{}") @JsonPropertyDescription("How shards are moved, and when groups leave.")
        RebalanceSpec rebalance) {
    public static final int DEFAULT_GROUPS = 1;
    public static final int DEFAULT_REPLICAS = 3;
    public static final int DEFAULT_SHARDS = 256;

    public KVClusterSpec {
        groups = groups == null ? Integer.valueOf(DEFAULT_GROUPS) : groups;
        replicas = replicas == null ? Integer.valueOf(DEFAULT_REPLICAS) : replicas;
        shards = shards == null ? Integer.valueOf(DEFAULT_SHARDS) : shards;
        storage = storage == null ? new StorageSpec(null, null) : storage;
        reclaimPolicy = reclaimPolicy == null ? ReclaimPolicy.Retain : reclaimPolicy;
        rebalance = rebalance == null ? new RebalanceSpec(null, null, null) : rebalance;
    }
}
