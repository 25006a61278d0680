package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;

/** Where a cluster's pods may run; each field as in a pod's spec. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SchedulingSpec(
        @JsonPropertyDescription("Labels that a Kubernetes node must have.")
        Map<String, String> nodeSelector,

        @JsonPropertyDescription("Taints that the pods tolerate.")
        List<Toleration> tolerations,

        @JsonPropertyDescription(
                "Affinity of the pods. When absent, members of a group prefer different Kubernetes nodes.")
        Affinity affinity) {}
