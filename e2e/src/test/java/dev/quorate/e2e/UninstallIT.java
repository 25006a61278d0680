package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.kubernetes.Chart;
import dev.quorate.cli.kubernetes.WriterPod;
import dev.quorate.cli.writer.Verdict;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Taking the operator away takes nothing else away. */
class UninstallIT {
    @Test
    void aLiveClusterOutlivesTheChart() {
        Demo demo = Demo.shared(2);
        Rig rig = demo.rig;
        try (WriterPod writer = demo.startWriter("uninstall")) {
            Rig.step("uninstall");
            Chart.uninstall(rig.kubeconfig(), Rig.SYSTEM_NAMESPACE);
            writer.awaitProgress(500, 60);
            assertThat(demo.names("kvc")).containsExactly("kvcluster.quorate.dev/demo");
            assertThat(demo.names("statefulset")).hasSize(2);
            assertThat(rig.kubectl(
                            "get", "pods", "-n", demo.namespace, "-l", "quorate.dev/cluster=demo", "--no-headers"))
                    .doesNotContain("Terminating");

            Rig.step("install again");
            Chart.install(Rig.CHECKOUT, rig.kubeconfig(), Rig.SYSTEM_NAMESPACE, Map.of());
            demo.awaitBalanced(2);
            Verdict verdict = writer.stop();
            assertThat(verdict.clean()).as(verdict.toJson()).isTrue();
        }
    }
}
