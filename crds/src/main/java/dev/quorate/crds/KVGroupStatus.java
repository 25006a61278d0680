package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** What a group was last seen to be, and whom it was bootstrapped with. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record KVGroupStatus(
        @JsonPropertyDescription("Starting, Joining, Active, Draining or Drained.")
        String state,

        @JsonPropertyDescription("How many shards it owns.") Integer shards,

        @JsonPropertyDescription("The pod that leads it; absent when unknown.")
        String leader,

        @JsonPropertyDescription("Ready pods of all, as in 3/3.")
        String ready,

        @JsonPropertyDescription(
                "The members it was bootstrapped with, recorded before that: the same set is given at every attempt.")
        List<BootstrapMember> members,

        @JsonPropertyDescription("Ready and Degraded.") List<Condition> conditions,

        @JsonPropertyDescription("The generation of the spec that this status answers to.")
        Long observedGeneration) {

    /** A member as it was at the bootstrap. */
    public record BootstrapMember(
            @Required @JsonPropertyDescription("The UUID that the member made on its own empty disk.")
            String id,

            @Required @JsonPropertyDescription("The pod's name.")
            String name,

            @Required @JsonPropertyDescription("The name that peers and clients reach it by.")
            String host,

            @Required Integer peerPort,
            @Required Integer redisPort,
            @Required Integer grpcPort,
            @Required Integer adminPort,
            @Required Integer httpPort) {}
}
