package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;

/** Keys of a cluster. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MapReduceKeyspace(
        @Size(min = 1, max = 40)
        @JsonPropertyDescription("A KVCluster of the same namespace. That of spec.cluster when absent.")
        String cluster,

        @Size(max = 512) @JsonPropertyDescription("What the keys begin with. All keys when absent.")
        String prefix) {
    public MapReduceKeyspace {
        prefix = prefix == null ? "" : prefix;
    }
}
