package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.kubernetes.Images;
import dev.quorate.cli.kubernetes.WriterPod;
import dev.quorate.cli.writer.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An image that can't be pulled costs one pod until it is corrected, never the quorum. */
class ImageIT {
    @Test
    void aBadImageIsNamedAndCorrectingItIsEnough() {
        Demo demo = Demo.shared(2);
        try (WriterPod writer = demo.startWriter("image")) {
            setImage(demo, "quorate/node:no-such-tag");
            demo.awaitCondition("Degraded", "True", "no-such-tag", Duration.ofSeconds(90));
            writer.awaitProgress(200, 60);
            setImage(demo, "quorate/node:" + Images.TAG);
            demo.awaitBalanced(2);
            demo.awaitCondition("Degraded", "False", "", Duration.ofSeconds(120));
            Verdict verdict = writer.stop();
            Rig.step("verdict " + verdict.toJson());
            assertThat(verdict.clean()).as(verdict.toJson()).isTrue();
        }
    }

    private static void setImage(Demo demo, String image) {
        Rig.step("image " + image);
        demo.rig.kubectl(
                "patch",
                "-n",
                demo.namespace,
                "kvc/demo",
                "--type=merge",
                "-p",
                "{\"spec\":{\"image\":\"" + image + "\"}}");
    }
}
