package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;

/**
 * What a cluster was last seen to be. Made anew by every pass of the operator, never read back by it as truth, with two exceptions: a
 * cluster that has an epoch had a shard map, so an empty root group is not a new one; and how long fewer groups are asked for is counted from here.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KVClusterStatus(
        @JsonPropertyDescription(
                "The id that the cluster's disks carry: spec.adoptClusterId, or else the resource's UID.")
        String clusterId,

        @StatusReplicas @JsonPropertyDescription("How many groups are Active: own shards or may be given some.")
        Integer groups,

        @JsonPropertyDescription(
                "Since when fewer groups are asked for than are Active; they leave after spec.rebalance.scaleInDelay.")
        String fewerGroupsSince,

        @LabelSelector @JsonPropertyDescription("Selects one pod of each Active group, for autoscalers.")
        String selector,

        @JsonPropertyDescription("How many shards there are.")
        Integer shards,

        @JsonPropertyDescription("How many shards are on the move.")
        Integer moving,

        @JsonPropertyDescription("The shard map's epoch: one more with every change.")
        Long epoch,

        @JsonPropertyDescription("The leader of each group, as far as known.")
        List<Leader> leaders,

        @JsonPropertyDescription("Groups with a known leader of all groups, as in 2/2.")
        String leading,

        @JsonPropertyDescription("Ready, Progressing, Degraded and Balanced.")
        List<Condition> conditions,

        @JsonPropertyDescription("The generation of the spec that this status answers to.")
        Long observedGeneration,

        @JsonPropertyDescription("What matters most, in a sentence.")
        String message) {

    /** Which pod leads a group. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Leader(
            @JsonPropertyDescription("The group's id.") int group,

            @JsonPropertyDescription("The pod that leads it; absent when unknown.")
            String pod) {}
}
