package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.kubernetes.WriterPod;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The quick start of the README, as its commands. */
class ApplyIT {
    private final Rig rig = Rig.get();

    @Test
    void anAppliedClusterBecomesReadyAndServes() throws IOException, InterruptedException {
        Demo demo = new Demo(rig, rig.createNamespace("quickstart"), "demo");
        long startNanos = System.nanoTime();
        rig.apply("quickstart", Demo.example());
        rig.kubectl("wait", "-n", "quickstart", "kvc/demo", "--for=condition=Ready", "--timeout=180s");
        Rig.step("apply to Ready took " + (System.nanoTime() - startNanos) / 1_000_000_000 + " s");
        demo.awaitBalanced(2);

        assertThat(rig.kubectl("get", "-n", "quickstart", "kvc,kvg"))
                .contains("kvcluster.quorate.dev/demo", "kvgroup.quorate.dev/demo-g1", "kvgroup.quorate.dev/demo-g2")
                .contains("128");
        try (WriterPod writer = demo.startWriter("first")) {
            writer.awaitProgress(500, 60);
            assertThat(writer.stop().clean()).isTrue();
        }
        rig.deleteNamespace("quickstart");
    }
}
