package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** A volume that all of a job's pods see under the same path: for input, output and jars. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.claim) != has(self.configMap)",
        message = "each entry of spec.volumes has exactly one of claim and configMap.")
public record MapReduceVolume(
        @Required
        @Size(min = 2, max = 256)
        @ValidationRule(
                value =
                        "self.matches('^(/[A-Za-z0-9._-]+)+$') && !self.contains('/..') && self != '/work' && self != '/tmp'",
                message =
                        "spec.volumes[].mountPath is an absolute path of letters, digits, dots, dashes and underscores, and neither /work nor /tmp, which"
                                + " are the pod's own.")
        @JsonPropertyDescription("Where it is mounted.")
        String mountPath,

        @Size(min = 1, max = 253)
        @JsonPropertyDescription(
                "A PersistentVolumeClaim. With workers on several Kubernetes nodes it must be one that many nodes can mount.")
        String claim,

        @Size(min = 1, max = 253) @JsonPropertyDescription("A ConfigMap, each key of it a file; to be read only.")
        String configMap) {}
