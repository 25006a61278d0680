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
            demo.setImage("quorate/node:no-such-tag");
            demo.awaitCondition("Degraded", "True", "no-such-tag", Duration.ofSeconds(30));
            writer.awaitProgress(200, 60);
            demo.setImage("quorate/node:" + Images.TAG);
            demo.awaitBalanced(2);
            demo.awaitCondition("Degraded", "False", "", Duration.ofSeconds(120));
            Verdict verdict = writer.stop();
            Rig.step("verdict " + verdict.toJson());
            assertThat(verdict.clean()).as(verdict.toJson()).isTrue();
        }
    }
}
