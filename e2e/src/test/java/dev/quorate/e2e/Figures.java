package dev.quorate.e2e;

import dev.quorate.cli.kubernetes.Images;
import dev.quorate.cli.kubernetes.WriterPod;
import dev.quorate.cli.writer.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Measures what docs/measured.md tells of Kubernetes; asserts nothing. Not among the tests that run by default:
 * {@code ./mvnw verify -Pe2e -Dquorate.skip.unit -Dit.test=Figures}.
 */
class Figures {
    private static final int KEYS = 100_000;
    private static final int LOADERS = 16;

    private final Rig rig = Rig.get();

    @Test
    void applyToReadyThenAThirdOfTheKeysMoves() {
        Demo demo = new Demo(rig, rig.createNamespace("figures"), "demo");
        long applied = System.nanoTime();
        rig.apply("figures", Demo.example());
        rig.kubectl("wait", "-n", "figures", "kvc/demo", "--for=condition=Ready", "--timeout=240s");
        say("apply to Ready", seconds(applied) + " s");
        demo.awaitBalanced(2);
        say("apply to balanced over 2 groups", seconds(applied) + " s");
        say("idle memory", "\n" + memory());

        load(demo);
        try (WriterPod writer = demo.startWriter("while-scaling")) {
            long scaled = System.nanoTime();
            demo.scale(3);
            Await.until(
                    "the first move",
                    Duration.ofSeconds(120),
                    () -> rig.diagnosis("figures"),
                    () -> demo.get().at("/status/moving").asInt() > 0);
            say("2 -> 3 with " + KEYS + " keys, until shards begin to move", seconds(scaled) + " s");
            demo.awaitBalanced(3);
            say("2 -> 3 with " + KEYS + " keys, from the command until balanced", seconds(scaled) + " s");
            long shrunk = System.nanoTime();
            demo.scale(1);
            demo.awaitBalanced(1);
            say("3 -> 1 with " + KEYS + " keys", seconds(shrunk) + " s");
            Verdict verdict = writer.stop();
            say("a Jedis writer with default retries meanwhile", verdict.toJson());
        }
    }

    private void load(Demo demo) {
        try (WriterPod loader = WriterPod.start(
                rig.client(),
                demo.namespace,
                "load",
                "quorate/cli:" + Images.TAG,
                "demo.figures.svc:6379",
                List.of("--threads", "" + LOADERS, "--keys", "" + KEYS / LOADERS, "--pause-millis", "0"))) {
            loader.awaitProgress(KEYS + KEYS / 10, 600);
            say("loaded", loader.stop().toJson());
        }
    }

    /** Container memory by pod, as the metrics API has it. */
    private String memory() {
        Await.until(
                "pod metrics",
                Duration.ofSeconds(120),
                () -> "",
                () -> rig.tryKubectl("top", "pod", "-A").getStdout().contains("demo-g2-2"));
        return rig.kubectl("top", "pod", "-A");
    }

    private static long seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1_000_000_000;
    }

    private static void say(String what, String figure) {
        Rig.step("figure: " + what + ": " + figure);
    }
}
