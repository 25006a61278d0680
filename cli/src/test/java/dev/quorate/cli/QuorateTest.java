package dev.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.ClusterView.GroupView;
import dev.quorate.cli.view.ClusterView.MemberView;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Alone, since it reads what the process prints. */
@Isolated
class QuorateTest {
    @Test
    void theReadyLineNamesEveryMember() {
        ClusterView view = new ClusterView(
                "demo",
                "id",
                2,
                true,
                9,
                2,
                List.of(group(1, 7001), group(2, 7002)),
                List.of(1, 2),
                List.of(),
                List.of(),
                List.of());
        assertThat(DemoCommand.readyLine(view, "http://127.0.0.1:7000"))
                .isEqualTo(
                        "READY redis=127.0.0.1:7001,127.0.0.1:7002 grpc=127.0.0.1:8001,127.0.0.1:8002 console=http://127.0.0.1:7000");
    }

    private static GroupView group(int id, int port) {
        String host = "127.0.0.1:";
        return new GroupView(
                id,
                "ACTIVE",
                "demo-" + id + "-0",
                1,
                List.of(new MemberView(
                        "demo",
                        id,
                        "id",
                        "demo-" + id + "-0",
                        "127.0.0.1",
                        "LEADER",
                        true,
                        host + port,
                        host + (port + 1000),
                        host + (port + 2000),
                        1,
                        "",
                        0,
                        "")));
    }

    @Test
    void aWrongCommandIsASentenceAndTheStatusTwo() {
        Stream.of(
                        new String[] {},
                        new String[] {"demoo"},
                        new String[] {"scale"},
                        new String[] {"scale", "--groups", "many"},
                        new String[] {"up"},
                        new String[] {"up", "-f", "no-such-file.yaml"},
                        new String[] {"down", "--cluster", "no-such-cluster"},
                        new String[] {"kill"},
                        new String[] {"partition"},
                        new String[] {"partition", "demo-1-0", "--heal", "--to", "demo-1-1"},
                        new String[] {"partition", "demo-1-0", "--slow", "10", "--from", "demo-1-1"},
                        new String[] {"apply", "-f", "no-such-file.yaml"},
                        new String[] {"admin", "compare-replicas", "--admin", "127.0.0.1:1"},
                        new String[] {
                            "admin", "compare-replicas", "--admin", "127.0.0.1:1", "--token-file", "no-such-file"
                        },
                        new String[] {"load", "--token-file", "no-such-file"},
                        new String[] {"soak", "--processes"},
                        new String[] {"soak", "--processes", "--minutes", "1", "--groups", "2"},
                        new String[] {"demo", "--groups", "0"},
                        new String[] {"demo", "--groups", "5", "--shards", "4"},
                        new String[] {"demo", "--replicas", "2"},
                        new String[] {"demo", "--shards", "100"},
                        new String[] {"demo", "--redis-port", "80"},
                        new String[] {"demo", "--name", "No Name"},
                        new String[] {"mr", "run", "--local", "--input", "a", "--output", "kv:host-without-port/b:"},
                        new String[] {
                            "mr", "run", "--local", "--input", "a", "--output", "b", "--skip-bad-records", "-1"
                        },
                        new String[] {
                            "mr", "run", "--local", "--keyspace", "a:1/", "--output", "b", "--keyspace-rate", "-3"
                        },
                        new String[] {
                            "mr", "run", "--local", "--keyspace", "a:1/", "--output", "b", "--keyspace-staleness", "-3"
                        },
                        new String[] {"soak", "--seed", "1", "--groups", "1000000000"},
                        new String[] {"soak"},
                        new String[] {"soak", "--minutes", "-1"},
                        new String[] {"soak", "--minutes", "0"},
                        new String[] {"soak", "--minutes", "NaN"},
                        new String[] {"soak", "--minutes", "soon"},
                        new String[] {"soak", "--minutes", "1", "--threads", "0"},
                        new String[] {"soak", "--minutes", "1", "--trace"},
                        new String[] {"soak", "--seed", "1", "--members", "0"},
                        new String[] {"soak", "--seed", "1", "--shards", "3"},
                        new String[] {"soak", "--seed", "1", "--faults", "earthquake"})
                .forEach(args -> assertSaid(2, args));
    }

    @Test
    void aClusterThatDoesNotRunIsASentenceAndTheStatusOne() {
        for (String command : List.of("kill", "pause", "resume", "partition")) {
            assertSaid(1, command, "demo-1-0", "--cluster", "no-such-cluster");
        }
        assertSaid(1, "scale", "--groups", "2", "--cluster", "no-such-cluster");
        assertSaid(1, "status", "--cluster", "no-such-cluster");
    }

    private static void assertSaid(int status, String... args) {
        PrintStream standardError = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThat(Quorate.execute(args)).as(String.join(" ", args)).isEqualTo(status);
        } finally {
            System.setErr(standardError);
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).isNotBlank().doesNotContain("\tat ");
    }
}
