package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.kubernetes.WriterPod;
import dev.quorate.cli.writer.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Pods go; their groups serve on. */
class PodLossIT {
    @Test
    void deletingAFollowersPodAndALeadersPodFailsNoOperation() {
        Demo demo = Demo.shared(2);
        try (WriterPod writer = demo.startWriter("pod-loss")) {
            String leader = demo.leaderPod(1);
            String follower = leader.equals("demo-g1-0") ? "demo-g1-1" : "demo-g1-0";
            delete(demo, follower);
            writer.awaitProgress(200, 60);
            awaitReady(demo, follower);

            leader = demo.leaderPod(1);
            delete(demo, leader);
            writer.awaitProgress(200, 60);
            awaitReady(demo, leader);

            Verdict verdict = writer.stop();
            Rig.step("verdict " + verdict.toJson());
            assertThat(verdict.clean()).as(verdict.toJson()).isTrue();
        }
    }

    private static void delete(Demo demo, String pod) {
        Rig.step("delete pod " + pod);
        demo.rig.kubectl("delete", "pod", "-n", demo.namespace, pod, "--wait=true", "--timeout=90s");
    }

    private static void awaitReady(Demo demo, String pod) {
        Await.until(
                pod + " ready again",
                Duration.ofSeconds(120),
                () -> demo.rig.diagnosis(demo.namespace),
                () -> demo.json("pod/" + pod)
                        .at("/status/containerStatuses/0/ready")
                        .asBoolean());
    }
}
