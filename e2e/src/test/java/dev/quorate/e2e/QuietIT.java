package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** An operator with nothing to do writes nothing. */
class QuietIT {
    private static final String KINDS =
            "kvc,kvg,statefulset,service,poddisruptionbudget,secret,persistentvolumeclaim,pod";
    private static final Duration TWO_PASSES = Duration.ofSeconds(22);

    @Test
    void aSecondReconcileWritesNothing() throws InterruptedException {
        Demo demo = Demo.shared(2);
        Map<String, String> before = versions(demo);
        // The passage of time is what is tested here: the operator passes every ten seconds.
        Thread.sleep(TWO_PASSES);
        assertThat(versions(demo)).isEqualTo(before);
    }

    /** Resource versions of all that the operator writes, the events it tells included. */
    private static Map<String, String> versions(Demo demo) {
        Map<String, String> versions = new TreeMap<>();
        add(versions, demo, KINDS);
        add(versions, demo, "event", "--field-selector", "involvedObject.kind=KVCluster");
        return versions;
    }

    private static void add(Map<String, String> versions, Demo demo, String... what) {
        List<String> command = new ArrayList<>(List.of("get", "-n", demo.namespace, "-o"));
        command.add("jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{\"\\n\"}{end}");
        command.addAll(List.of(what));
        demo.rig
                .kubectl(command.toArray(String[]::new))
                .lines()
                .map(line -> line.split(" "))
                .forEach(words -> versions.put(words[0], words[1]));
    }
}
