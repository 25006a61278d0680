package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where a job's output goes. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.files) != has(self.keyspace)",
        message = "spec.output has exactly one of files and keyspace.")
@ValidationRule(
        value = "has(self.keyspace) == has(self.staging)",
        message =
                "spec.output.staging is for output to a keyspace, which needs it: a directory on a volume that all workers see.")
@ValidationRule(
        value = "!has(self.keyspace) || !has(self.format)",
        message = "spec.output.format is for output to files.")
public record MapReduceOutput(
        @Size(min = 2, max = 512)
        @ValidationRule(
                value = "self.startsWith('/') && !self.contains('/../') && !self.endsWith('/')",
                message =
                        "spec.output.files is the absolute path of a directory, without .. in it and without / at its end.")
        @JsonPropertyDescription(
                "A directory that is not there yet, on one of spec.volumes. It gets part-00000 ... and _SUCCESS, all at once.")
        String files,

        @JsonPropertyDescription(
                "Keys of a cluster: PREFIX<generation>/<key>; PREFIXcurrent says which generation to read.")
        MapReduceKeyspace keyspace,

        @Size(min = 2, max = 512)
        @ValidationRule(
                value = "self.startsWith('/') && !self.contains('/../') && !self.endsWith('/')",
                message =
                        "spec.output.staging is the absolute path of a directory, without .. in it and without / at its end.")
        @JsonPropertyDescription(
                "A directory on one of spec.volumes where output for a keyspace is kept until all of it is there.")
        String staging,

        @Size(min = 1, max = 512) @JsonPropertyDescription("text (the default), fixed or an OutputFormat class.")
        String format) {}
