package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;

/** How many shards move at the same time: more finish sooner and take more from clients. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RebalanceSpec(
        @Default(DEFAULT_MAX_MOVES + "")
        @ValidationRule(value = "self >= 1 && self <= 64", message = "spec.rebalance.maxMoves must be from 1 to 64.")
        @JsonPropertyDescription("How many shards of the cluster move at the same time, at most. From 1 to 64.")
        Integer maxMoves,

        @Default(DEFAULT_MAX_MOVES_PER_GROUP + "")
        @ValidationRule(
                value = "self >= 1 && self <= 64",
                message = "spec.rebalance.maxMovesPerGroup must be from 1 to 64.")
        @JsonPropertyDescription(
                "How many shards move from or to any one group at the same time, at most. From 1 to 64.")
        Integer maxMovesPerGroup) {
    public static final int DEFAULT_MAX_MOVES = 32;
    public static final int DEFAULT_MAX_MOVES_PER_GROUP = 16;

    public RebalanceSpec {
        maxMoves = maxMoves == null ? Integer.valueOf(DEFAULT_MAX_MOVES) : maxMoves;
        maxMovesPerGroup = maxMovesPerGroup == null ? Integer.valueOf(DEFAULT_MAX_MOVES_PER_GROUP) : maxMovesPerGroup;
    }
}
