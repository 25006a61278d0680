package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** An operator with nothing to do writes nothing. */
class QuietIT {
    private static final String KINDS = "kvc,kvg,statefulset,service,poddisruptionbudget,secret";
    private static final Duration TWO_PASSES = Duration.ofSeconds(22);

    @Test
    void aSecondReconcileWritesNothing() throws InterruptedException {
        Demo demo = Demo.shared(2);
        Map<String, String> before = versions(demo);
        // The passage of time is what is tested here: the operator passes every ten seconds.
        Thread.sleep(TWO_PASSES);
        assertThat(versions(demo)).isEqualTo(before);
    }

    private static Map<String, String> versions(Demo demo) {
        Map<String, String> versions = new TreeMap<>();
        String lines = demo.rig.kubectl(
                "get",
                KINDS,
                "-n",
                demo.namespace,
                "-o",
                "jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{\"\\n\"}{end}");
        lines.lines().forEach(line -> versions.put(line.split(" ")[0], line.split(" ")[1]));
        return versions;
    }
}
