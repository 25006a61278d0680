package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.kubernetes.WriterPod;
import dev.quorate.cli.writer.Verdict;
import org.junit.jupiter.api.Test;

/** Groups come and go under a steady writer: no operation fails, nothing acknowledged is lost. */
class ScaleIT {
    @Test
    void shardsFollowTheGroupsUnderASteadyWriter() {
        Demo demo = Demo.shared(2);
        try (WriterPod writer = demo.startWriter("scaling")) {
            demo.scale(3);
            demo.awaitBalanced(3);
            assertThat(shardsOf(demo, 3)).isBetween(85, 86);
            writer.awaitProgress(200, 60);

            demo.scale(1);
            demo.awaitBalanced(1);
            assertThat(shardsOf(demo, 1)).isEqualTo(256);
            assertThat(demo.names("statefulset")).containsExactly("statefulset.apps/demo-g1");
            writer.awaitProgress(200, 60);

            demo.scale(2);
            demo.awaitBalanced(2);
            assertThat(demo.groupNames()).as("ids are never used again").contains("kvgroup.quorate.dev/demo-g4");
            Verdict verdict = writer.stop();
            Rig.step("verdict " + verdict.toJson());
            assertThat(verdict.clean()).as(verdict.toJson()).isTrue();
        }
    }

    private static int shardsOf(Demo demo, int group) {
        return demo.json("kvg/demo-g" + group).at("/status/shards").asInt();
    }
}
