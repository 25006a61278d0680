package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.kubernetes.WriterPod;
import dev.quorate.cli.writer.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A cluster deleted and made again over its volumes: only when asked to, and with everything in it. */
class RecreateIT {
    private static final String CLUSTER = """
            apiVersion: quorate.dev/v1alpha1
            kind: KVCluster
            metadata:
              name: phoenix
            spec:
              groups: 2
              replicas: 1
              shards: 16
              storage:
                size: 256Mi
            """;

    private final Rig rig = Rig.get();

    @Test
    void aClusterIsAdoptedByItsIdAndHasItsData() {
        Demo cluster = new Demo(rig, rig.createNamespace("recreate"), "phoenix");
        rig.apply("recreate", CLUSTER);
        cluster.awaitBalanced(2);
        String id = cluster.get().at("/status/clusterId").asText();
        Verdict written;
        // More keys than it will come to: every write is a key of its own.
        try (WriterPod writer = cluster.startWriter("before", "--keys", "50000")) {
            writer.awaitProgress(300, 60);
            written = writer.stop();
            assertThat(written.acknowledged()).isPositive();
        }
        rig.kubectl("delete", "-n", "recreate", "kvc/phoenix", "--wait=true", "--timeout=120s");
        Await.until(
                "no pods",
                Duration.ofSeconds(120),
                () -> rig.diagnosis("recreate"),
                () -> cluster.names("pod").stream().noneMatch(pod -> pod.contains("phoenix")));
        assertThat(cluster.names("pvc")).hasSize(2);

        rig.apply("recreate", CLUSTER);
        cluster.awaitCondition("Ready", "False", id, Duration.ofSeconds(60));
        rig.kubectl(
                "patch",
                "-n",
                "recreate",
                "kvc/phoenix",
                "--type=merge",
                "-p",
                "{\"spec\":{\"adoptClusterId\":\"" + id + "\"}}");
        cluster.awaitBalanced(2);
        assertThat(cluster.get().at("/status/clusterId").asText()).isEqualTo(id);
        assertThat(cluster.countKeys("before")).isEqualTo(written.acknowledged());
        rig.kubectl("delete", "namespace", "recreate", "--wait=true", "--timeout=120s");
    }
}
