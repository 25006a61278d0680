package dev.quorate.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.crds.KVCluster;
import dev.quorate.crds.KVClusterSpec;
import dev.quorate.crds.RebalanceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScaleInTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final KVCluster cluster = Situations.cluster();

    @Test
    void fewerGroupsServeOnlyAfterTheDelay() {
        ask(3, "30s");
        see(3, START);
        ask(1, "30s");
        assertThat(ScaleIn.of(cluster, START)).isEqualTo(new ScaleIn(3, Optional.of(START), Duration.ofSeconds(30)));
        see(3, START);
        assertThat(cluster.getStatus().fewerGroupsSince()).isEqualTo(START.toString());
        assertThat(progressing()).isEqualTo("ScaleInDelayed");
        assertThat(ScaleIn.of(cluster, START.plusSeconds(29)).groups()).isEqualTo(3);
        assertThat(ScaleIn.of(cluster, START.plusSeconds(30)).groups()).isEqualTo(1);
        assertThat(ScaleIn.of(cluster, START.plusSeconds(31)).groups()).isEqualTo(1);
        see(1, START.plusSeconds(31));
        assertThat(cluster.getStatus().fewerGroupsSince()).isNull();
    }

    @Test
    void whoeverAsksForMoreMeanwhileStartsTheDelayAnew() {
        ask(2, "1m30s");
        see(3, START);
        ask(3, "1m30s");
        see(3, START.plusSeconds(60));
        assertThat(cluster.getStatus().fewerGroupsSince()).isNull();
        ask(2, "1m30s");
        assertThat(ScaleIn.of(cluster, START.plusSeconds(80)).remaining()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void moreGroupsAreNeverPutOffAndWithoutADelayNorAreFewer() {
        ask(5, "24h");
        see(3, START);
        assertThat(ScaleIn.of(cluster, START).groups()).isEqualTo(5);
        ask(1, "0s");
        assertThat(ScaleIn.of(cluster, START).groups()).isEqualTo(1);
    }

    private void ask(int groups, String delay) {
        cluster.setSpec(new KVClusterSpec(
                groups, 3, 4, null, null, null, null, null, null, new RebalanceSpec(null, null, delay)));
    }

    /** The status that a pass writes which finds so many Active groups. */
    private void see(int active, Instant now) {
        cluster.setStatus(ClusterStatuses.of(
                Situations.passed(cluster, new TreeMap<>(), Situations.served(active), List.of()), now));
    }

    private String progressing() {
        return Conditions.find(cluster.getStatus().conditions(), Conditions.PROGRESSING)
                .orElseThrow()
                .getReason();
    }
}
