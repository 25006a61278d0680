package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Which group of which cluster. */
@ValidationRule(
        value = "self == oldSelf",
        message =
                "A KVGroup's spec can't be changed: the operator makes KVGroups from the shard map. Change the KVCluster.")
public record KVGroupSpec(
        @Required @Size(min = 1, max = KVCluster.MAX_NAME_LENGTH) @JsonPropertyDescription("The KVCluster's name.")
        String cluster,

        @Required @Size(max = 36) @JsonPropertyDescription("The id that the group's disks carry.")
        String clusterId,

        @Required
        @ValidationRule(
                value = "self >= 1",
                message = "spec.id must be 1 or more: group ids start at 1 and are never used again.")
        @JsonPropertyDescription(
                "The group's id: from 1, only goes up, never used again. 1 is the root group, which keeps the shard map.")
        Integer id) {}
