package dev.quorate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.cli.kubernetes.Shell;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A laptop outside of the cluster's network, with an ordinary redis-cli. */
class ProxyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void redisCliReachesEveryShardThroughTheProxy() throws IOException, InterruptedException {
        Demo demo = Demo.shared(2);
        Process proxy = start(demo);
        try (BufferedReader output = proxy.inputReader(StandardCharsets.UTF_8)) {
            List<String> ports = portsOf(readyLine(output));
            assertThat(ports).hasSize(6);
            for (int key = 0; key < 20; key++) {
                // The first answers with MOVED for about half of the keys, by addresses that only the proxy makes
                // reachable.
                assertThat(redisCli(ports.getFirst(), "set", "proxied:" + key, "value " + key))
                        .isEqualTo("OK");
                assertThat(redisCli(ports.getLast(), "get", "proxied:" + key)).isEqualTo("value " + key);
            }
        } finally {
            proxy.destroy();
            assertThat(proxy.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Process start(Demo demo) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder = new ProcessBuilder(
                java.toString(),
                "-cp",
                Rig.CHECKOUT.resolve("cli/target/lib") + "/*",
                "dev.quorate.cli.Quorate",
                "proxy",
                "--cluster",
                demo.name,
                "--namespace",
                demo.namespace);
        builder.environment().put("KUBECONFIG", demo.rig.kubeconfig().toString());
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static String readyLine(BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("READY redis=")) {
                return line;
            }
        }
        throw new AssertionError("the proxy ended before it was ready");
    }

    private static List<String> portsOf(String readyLine) {
        String addresses = readyLine.substring("READY redis=".length()).split(" ")[0];
        return List.of(addresses.split(",")).stream()
                .map(a -> a.substring(a.lastIndexOf(':') + 1))
                .toList();
    }

    private static String redisCli(String port, String... command) {
        String[] words = new String[4 + command.length];
        System.arraycopy(new String[] {"redis-cli", "-c", "-p", port}, 0, words, 0, 4);
        System.arraycopy(command, 0, words, 4, command.length);
        return Shell.run(PATIENCE, words).strip();
    }
}
