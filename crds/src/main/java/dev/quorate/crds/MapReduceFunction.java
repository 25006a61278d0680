package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What a phase runs. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.java) != has(self.command)",
        message = "map, combine and reduce have exactly one of java and command.")
public record MapReduceFunction(
        @Size(min = 1, max = 512) @JsonPropertyDescription("A class, in the image or in one of spec.jars.")
        String java,

        @Size(min = 1, max = 4096)
        @JsonPropertyDescription(
                "A shell's command line: records on its standard input, key, tab, value on its standard output.")
        String command) {}
