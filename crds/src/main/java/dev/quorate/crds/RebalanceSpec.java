package dev.quorate.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;

/** How many shards move at the same time, for more finish sooner and take more from clients; and how long groups outstay their welcome. */
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
        Integer maxMovesPerGroup,

        @Default(DEFAULT_SCALE_IN_DELAY)
        @Size(max = 16)
        @ValidationRule(
                value = "self.matches('^([0-9]{1,3}h)?([0-9]{1,4}m)?([0-9]{1,5}s)?$') && self != ''",
                message = "spec.rebalance.scaleInDelay must be a time such as 90s, 5m or 1h30m.")
        @JsonPropertyDescription(
                "How long fewer groups must be asked for without a break before the first one leaves, such as 5m: an autoscaler that changes its mind"
                        + " meanwhile moves no shard. 0s: at once.")
        String scaleInDelay) {
    public static final String DEFAULT_SCALE_IN_DELAY = "0s";
    public static final int DEFAULT_MAX_MOVES = 32;
    public static final int DEFAULT_MAX_MOVES_PER_GROUP = 16;

    public RebalanceSpec {
        maxMoves = maxMoves == null ? Integer.valueOf(DEFAULT_MAX_MOVES) : maxMoves;
        maxMovesPerGroup = maxMovesPerGroup == null ? Integer.valueOf(DEFAULT_MAX_MOVES_PER_GROUP) : maxMovesPerGroup;
        scaleInDelay = scaleInDelay == null ? DEFAULT_SCALE_IN_DELAY : scaleInDelay;
    }

    public Duration scaleInDelayAsDuration() {
        return Duration.parse("PT" + scaleInDelay);
    }
}
