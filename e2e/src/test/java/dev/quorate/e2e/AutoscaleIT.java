package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.kubernetes.WriterPod;
import dev.quorate.cli.writer.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Groups follow the load by Kubernetes' own autoscaler, out and in, and a steady writer sees nothing of it. */
class AutoscaleIT {
    private static final Duration AUTOSCALER_TIMEOUT = Duration.ofSeconds(150);
    private static final String CLUSTER = """
            apiVersion: quorate.dev/v1alpha1
            kind: KVCluster
            metadata:
              name: elastic
            spec:
              groups: 1
              replicas: 3
              shards: 16
              storage:
                size: 256Mi
              rebalance:
                scaleInDelay: 30s
            """;

    /** Much more than idle nodes take, and much less than loaded ones. */
    private static final String AUTOSCALER = """
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata:
              name: elastic
            spec:
              scaleTargetRef:
                apiVersion: quorate.dev/v1alpha1
                kind: KVCluster
                name: elastic
              minReplicas: 1
              maxReplicas: 2
              metrics:
                - type: Resource
                  resource:
                    name: cpu
                    target:
                      type: AverageValue
                      averageValue: 150m
              behavior:
                scaleUp:
                  stabilizationWindowSeconds: 0
                scaleDown:
                  stabilizationWindowSeconds: 15
            """;

    private final Rig rig = Rig.get();

    @Test
    void groupsComeUnderLoadAndGoAfterIt() {
        Demo cluster = new Demo(rig, rig.createNamespace("autoscale"), "elastic");
        rig.apply("autoscale", CLUSTER);
        cluster.awaitBalanced(1);
        try (WriterPod writer = cluster.startWriter("steady", "--threads", "1", "--pause-millis", "100")) {
            rig.apply("autoscale", AUTOSCALER);
            try (WriterPod load = cluster.startWriter("load", "--threads", "16", "--pause-millis", "0")) {
                awaitGroups(cluster, 2);
                load.awaitProgress(200, 60);
            }
            Rig.step("the load is gone");
            Await.until(
                    "the autoscaler to ask for fewer groups, and these to be put off",
                    AUTOSCALER_TIMEOUT,
                    () -> diagnosis(cluster),
                    () -> cluster.conditionSays("Progressing", "True", "ScaleInDelayed"));
            assertThat(cluster.get().at("/status/groups").asInt())
                    .as("groups that serve for the time being")
                    .isEqualTo(2);
            awaitGroups(cluster, 1);
            Verdict verdict = writer.stop();
            Rig.step("verdict " + verdict.toJson());
            assertThat(verdict.clean()).as(verdict.toJson()).isTrue();
        }
        rig.deleteNamespace("autoscale");
    }

    /** Nobody but the autoscaler asks for groups. */
    private void awaitGroups(Demo cluster, int groups) {
        Await.until(
                "the autoscaler to ask for " + groups,
                AUTOSCALER_TIMEOUT,
                () -> diagnosis(cluster),
                () -> cluster.get().at("/spec/groups").asInt() == groups);
        Rig.step("the autoscaler asks for " + groups);
        cluster.awaitBalanced(groups);
    }

    private String diagnosis(Demo cluster) {
        return rig.tryKubectl("describe", "hpa", "-n", cluster.namespace).getStdout()
                + rig.tryKubectl("top", "pod", "-n", cluster.namespace).getStdout()
                + rig.diagnosis(cluster.namespace);
    }
}
