package dev.quorate.cli.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A Kubernetes of one node in a Docker container, for a machine that has none. Closing it removes it with all that is in it. */
public final class LocalKubernetes implements AutoCloseable {
    private static final String CONTAINER = "quorate-demo-kubernetes";
    private static final Duration SHORT = Duration.ofSeconds(60);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(180);

    private final Path kubeconfig;

    private LocalKubernetes(Path kubeconfig) {
        this.kubeconfig = kubeconfig;
    }

    /** Starts it anew (one left behind by an earlier demo is removed) and waits until its node is ready. */
    public static LocalKubernetes start(KubernetesImage image) throws IOException, InterruptedException {
        remove();
        Shell.run(
                SHORT,
                "docker",
                "run",
                "-d",
                "--privileged",
                "--name",
                CONTAINER,
                "--tmpfs",
                "/run",
                "-p",
                "127.0.0.1::6443",
                image.name(),
                "server",
                "--disable=traefik",
                "--tls-san=127.0.0.1");
        long endNanos = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!Shell.succeeds(
                SHORT,
                "docker",
                "exec",
                CONTAINER,
                "kubectl",
                "wait",
                "node",
                "--all",
                "--for=condition=Ready",
                "--timeout=5s")) {
            if (System.nanoTime() > endNanos) {
                String log = Shell.run(SHORT, "docker", "logs", "--tail", "20", CONTAINER);
                remove();
                throw new IOException(
                        "Kubernetes in Docker was not ready after " + START_TIMEOUT.toSeconds() + " s: " + log);
            }
            Thread.sleep(500);
        }
        return new LocalKubernetes(writeKubeconfig());
    }

    public String container() {
        return CONTAINER;
    }

    public Path kubeconfig() {
        return kubeconfig;
    }

    @Override
    public void close() {
        remove();
    }

    private static Path writeKubeconfig() throws IOException {
        String address = Shell.run(SHORT, "docker", "port", CONTAINER, "6443/tcp")
                .lines()
                .findFirst()
                .orElseThrow()
                .strip();
        String yaml = Shell.run(SHORT, "docker", "exec", CONTAINER, "cat", "/etc/rancher/k3s/k3s.yaml")
                .replaceAll("server: https://.*", "server: https://" + address);
        Path file = Files.createTempFile("quorate-demo", ".kubeconfig");
        file.toFile().deleteOnExit();
        return Files.writeString(file, yaml);
    }

    private static void remove() {
        Shell.succeeds(SHORT, "docker", "rm", "-fv", CONTAINER);
    }
}
