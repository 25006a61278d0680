package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One part of a job's input. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.files) != has(self.keyspace)",
        message = "each entry of spec.input has exactly one of files and keyspace.")
public record MapReduceInput(
        @Size(min = 1, max = 512)
        @ValidationRule(
                value = "self.startsWith('/')",
                message = "spec.input[].files is an absolute path in the workers' pods, such as /books/*.txt.")
        @JsonPropertyDescription("A file, a directory or a pattern, in the image or on one of spec.volumes.")
        String files,

        @JsonPropertyDescription("Keys of a cluster, read shard by shard.")
        MapReduceKeyspace keyspace) {}
