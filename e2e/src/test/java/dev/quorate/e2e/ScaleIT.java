package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.kubernetes.WriterPod;
import dev.quorate.cli.writer.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Groups come and go under a steady writer: no operation fails, nothing acknowledged is lost. */
class ScaleIT {
    @Test
    void shardsFollowTheGroupsUnderASteadyWriter() {
        Demo demo = Demo.shared(2);
        try (WriterPod writer = demo.startWriter("scaling")) {
            demo.scale(3);
            demo.awaitBalanced(3);
            assertThat(shards(demo))
                    .hasSize(3)
                    .allSatisfy(shards -> assertThat(shards).isBetween(85, 86));
            Set<String> before = Set.copyOf(demo.groupNames());
            writer.awaitProgress(200, 60);

            demo.scale(1);
            demo.awaitBalanced(1);
            assertThat(shards(demo)).containsExactly(256);
            assertThat(demo.names("statefulset")).containsExactly("statefulset.apps/demo-g1");
            writer.awaitProgress(200, 60);

            demo.scale(2);
            demo.awaitBalanced(2);
            assertThat(demo.groupNames().stream().filter(before::contains))
                    .as("the root group stays, and no other id is used again")
                    .containsExactly("kvgroup.quorate.dev/demo-g1");
            Verdict verdict = writer.stop();
            Rig.step("verdict " + verdict.toJson());
            assertThat(verdict.clean()).as(verdict.toJson()).isTrue();
        }
    }

    private static List<Integer> shards(Demo demo) {
        List<Integer> shards = new ArrayList<>();
        demo.json("kvg")
                .at("/items")
                .forEach(group -> shards.add(group.at("/status/shards").asInt()));
        return shards;
    }
}
