package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.kubernetes.WriterPod;
import dev.quorate.cli.writer.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The operator may go at any moment: the next one takes up where it was. */
class OperatorLossIT {
    @Test
    void theOperatorsPodIsDeletedInTheMiddleOfAMove() {
        Demo demo = Demo.shared(2);
        try (WriterPod writer = demo.startWriter("operator-loss")) {
            demo.scale(3);
            // Moves of small shards are over before a pass of the operator sees them: the new group's share tells as
            // well.
            Await.until(
                    "some shards to have moved, and others not yet",
                    Duration.ofSeconds(120),
                    () -> demo.rig.diagnosis(demo.namespace),
                    () -> demo.groupNames().size() == 3 && isBetween(demo.shardsOf(demo.lastGroup()), 1, 84));
            Rig.step("delete the operator's pod");
            demo.rig.kubectl(
                    "delete",
                    "pod",
                    "-n",
                    Rig.SYSTEM_NAMESPACE,
                    "-l",
                    "app.kubernetes.io/name=quorate-operator",
                    "--wait=false");
            demo.awaitBalanced(3);
            Verdict verdict = writer.stop();
            Rig.step("verdict " + verdict.toJson());
            assertThat(verdict.clean()).as(verdict.toJson()).isTrue();
        }
    }

    private static boolean isBetween(int number, int least, int most) {
        return number >= least && number <= most;
    }
}
