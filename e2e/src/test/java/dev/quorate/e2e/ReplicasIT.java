package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.kubernetes.WriterPod;
import dev.quorate.cli.writer.Verdict;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Members come and go under a steady writer, also on the volumes of former members: no operation fails, nothing acknowledged is lost. */
class ReplicasIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(180);
    private static final String CLUSTER = """
            apiVersion: quorate.dev/v1alpha1
            kind: KVCluster
            metadata:
              name: growing
            spec:
              groups: 2
              replicas: 1
              shards: 16
              storage:
                size: 256Mi
            """;

    private final Rig rig = Rig.get();

    @Test
    void groupsGrowAndShrinkAndGrowAgainUnderASteadyWriter() {
        Demo cluster = new Demo(rig, rig.createNamespace("replicas"), "growing");
        rig.apply("replicas", CLUSTER);
        cluster.awaitBalanced(2);
        try (WriterPod writer = cluster.startWriter("replicas")) {
            for (int replicas : List.of(3, 5, 3)) {
                change(cluster, replicas);
                writer.awaitProgress(100, 60);
            }
            assertThat(cluster.names("pvc")).as("volumes are retained").hasSize(10);
            Set<String> before = memberIds(cluster);
            change(cluster, 5);
            assertThat(memberIds(cluster))
                    .as("new members on the volumes of former ones")
                    .containsAll(before);
            Verdict verdict = writer.stop();
            Rig.step("verdict " + verdict.toJson());
            assertThat(verdict.clean()).as(verdict.toJson()).isTrue();
        }
        rig.deleteNamespace("replicas");
    }

    private void change(Demo cluster, int replicas) {
        Rig.step("replicas " + replicas);
        rig.kubectl(
                "patch",
                "-n",
                cluster.namespace,
                "kvc/growing",
                "--type=merge",
                "-p",
                "{\"spec\":{\"replicas\":" + replicas + "}}");
        Await.until(replicas + " members", TIMEOUT, () -> rig.diagnosis(cluster.namespace), () -> {
            return ready(cluster, 1).equals(replicas + "/" + replicas)
                    && ready(cluster, 2).equals(replicas + "/" + replicas)
                    && memberIds(cluster).size() == replicas
                    && cluster.conditionSays("Progressing", "False", "Settled")
                    && cluster.conditionSays("Degraded", "False", "AsExpected");
        });
    }

    private static String ready(Demo cluster, int group) {
        return cluster.json("kvg/growing-g" + group).at("/status/ready").asText();
    }

    /** Those of the second group, as the shard map has them. */
    private static Set<String> memberIds(Demo cluster) {
        Set<String> ids = new HashSet<>();
        cluster.json("kvg/growing-g2")
                .at("/status/members")
                .forEach(member -> ids.add(member.path("id").asText()));
        return ids;
    }
}
