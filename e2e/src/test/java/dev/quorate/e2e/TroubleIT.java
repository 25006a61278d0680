package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.kubernetes.Images;
import dev.quorate.cli.kubernetes.WriterPod;
import dev.quorate.cli.writer.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What goes wrong is said in words within 30 s, nothing else is torn down, and correcting it is enough. */
class TroubleIT {
    private static final Duration SAID = Duration.ofSeconds(30);

    private final Rig rig = Rig.get();

    @Test
    void aQuorumLostToABadImageComesBackWithTheRightOne() {
        Demo demo = Demo.shared(2);
        Verdict written;
        // More keys than it will come to: every write is a key of its own.
        try (WriterPod writer = demo.startWriter("before-trouble", "--keys", "50000")) {
            writer.awaitProgress(200, 60);
            written = writer.stop();
        }
        demo.setImage("quorate/node:broken");
        // The operator replaces one pod and stops there; a person in a hurry deletes all of a group.
        String pods = rig.kubectl(
                "delete",
                "pod",
                "-n",
                demo.namespace,
                "-l",
                "quorate.dev/group=" + demo.lastGroup(),
                "--wait=true",
                "--timeout=90s");
        assertThat(pods.lines()).hasSize(3);
        demo.awaitCondition("Degraded", "True", "quorum", SAID);
        assertThat(demo.names("statefulset")).hasSize(2);
        assertThat(demo.names("pvc")).hasSizeGreaterThanOrEqualTo(6);

        demo.setImage("quorate/node:" + Images.TAG);
        demo.awaitBalanced(2);
        assertThat(written.acknowledged()).isPositive();
        assertThat(demo.countKeys("before-trouble")).isEqualTo(written.acknowledged());
        try (WriterPod writer = demo.startWriter("after-trouble")) {
            writer.awaitProgress(200, 60);
            assertThat(writer.stop().clean()).isTrue();
        }
    }

    @Test
    void aVolumeThatCantBeBoundIsNamedAndItsClassIsEnough() {
        Demo cluster = new Demo(rig, rig.createNamespace("unbound"), "stuck");
        rig.apply("unbound", """
                apiVersion: quorate.dev/v1alpha1
                kind: KVCluster
                metadata:
                  name: stuck
                spec:
                  groups: 1
                  replicas: 1
                  storage:
                    size: 256Mi
                    storageClassName: no-such-class
                """);
        cluster.awaitCondition("Ready", "False", "no-such-class", SAID);

        rig.apply("unbound", """
                apiVersion: storage.k8s.io/v1
                kind: StorageClass
                metadata:
                  name: no-such-class
                provisioner: rancher.io/local-path
                volumeBindingMode: WaitForFirstConsumer
                """);
        cluster.awaitBalanced(1);
        rig.deleteNamespace("unbound");
    }
}
