package dev.quorate.operator.status;

import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVClusterStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * How many groups shall serve now: those that the KVCluster asks for, but fewer than are Active only once fewer have been asked for without a break for
 * {@code spec.rebalance.scaleInDelay}. An autoscaler that changes its mind meanwhile moves no shard.
 *
 * @param groups how many shall serve now
 * @param since when fewer were first asked for, as the status keeps it; empty when they are not
 * @param remaining until they leave; zero when nothing is put off
 */
public record ScaleIn(int groups, Optional<Instant> since, Duration remaining) {

    /** By the KVCluster as it is, with the status of the last pass. */
    public static ScaleIn of(KVCluster cluster, Instant now) {
        int asked = cluster.getSpec().groups();
        Optional<KVClusterStatus> before = Optional.ofNullable(cluster.getStatus());
        int active = before.map(KVClusterStatus::groups).orElse(0);
        if (asked >= active) {
            return new ScaleIn(asked, Optional.empty(), Duration.ZERO);
        }
        Instant since = before.map(KVClusterStatus::fewerGroupsSince)
                .map(Instant::parse)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS));
        Duration remaining =
                Duration.between(now, since.plus(cluster.getSpec().rebalance().scaleInDelayAsDuration()));
        return remaining.isPositive()
                ? new ScaleIn(active, Optional.of(since), remaining)
                : new ScaleIn(asked, Optional.of(since), Duration.ZERO);
    }

    /** More groups serve than are asked for, for the time being. */
    boolean delays() {
        return remaining.isPositive();
    }
}
