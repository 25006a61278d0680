package dev.quorate.cli.kubernetes;

import dev.quorate.cli.writer.Verdict;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A {@code quorate writer} that runs as a pod, so that it sees the cluster by the names its nodes announce. */
public final class WriterPod implements AutoCloseable {
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    private final PodResource pod;

    private WriterPod(PodResource pod) {
        this.pod = pod;
    }

    /**
     * Starts a writer and waits until it writes.
     *
     * @param image the image with the quorate command
     * @param service the cluster's client service, host:port
     */
    public static WriterPod start(
            KubernetesClient client,
            String namespace,
            String name,
            String image,
            String service,
            List<String> options) {
        Pod definition = new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .withTerminationGracePeriodSeconds(5L)
                .addNewContainer()
                .withName("writer")
                .withImage(image)
                .withImagePullPolicy("IfNotPresent")
                .withArgs(arguments(service, name, options))
                .endContainer()
                .endSpec()
                .build();
        PodResource pod = client.pods().resource(definition);
        pod.create();
        WriterPod writer = new WriterPod(pod);
        client.pods()
                .inNamespace(namespace)
                .withName(name)
                .waitUntilCondition(WriterPod::running, 120, TimeUnit.SECONDS);
        writer.awaitLog("acknowledged=", 60);
        return writer;
    }

    /** What the writer has printed so far. */
    public String log() {
        return pod.getLog();
    }

    /** Number of acknowledged writes that the writer reported last. */
    public long acknowledged() {
        String log = log();
        int last = log.lastIndexOf("acknowledged=");
        return last < 0
                ? 0
                : Long.parseLong(log.substring(last + "acknowledged=".length()).split("[^0-9]", 2)[0]);
    }

    /** Waits until the writer has had this many more writes acknowledged: the cluster serves. */
    public void awaitProgress(long writes, long timeoutSeconds) {
        long goal = acknowledged() + writes;
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        while (acknowledged() < goal) {
            if (System.nanoTime() > endNanos) {
                throw new IllegalStateException("the writer made no progress in " + timeoutSeconds + " s: " + log());
            }
            sleep();
        }
    }

    /** Ends the writing, waits for the verification and returns its verdict. */
    public Verdict stop() {
        try (var exec = pod.redirectingOutput().exec("sh", "-c", "kill -TERM 1")) {
            exec.exitCode()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .exceptionally(e -> 0)
                    .join();
        }
        pod.waitUntilCondition(p -> p != null && ENDED.contains(p.getStatus().getPhase()), 120, TimeUnit.SECONDS);
        String line = log().lines()
                .filter(l -> l.startsWith("{"))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new IllegalStateException("the writer ended without a verdict: " + log()));
        return Verdict.fromJson(line);
    }

    @Override
    public void close() {
        pod.delete();
    }

    private void awaitLog(String text, long timeoutSeconds) {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        while (!log().contains(text)) {
            if (System.nanoTime() > endNanos) {
                throw new IllegalStateException("the writer did not begin in " + timeoutSeconds + " s: " + log());
            }
            sleep();
        }
    }

    private static boolean running(Pod pod) {
        return pod != null
                && pod.getStatus() != null
                && "Running".equals(pod.getStatus().getPhase());
    }

    private static String[] arguments(String service, String name, List<String> options) {
        List<String> arguments = new ArrayList<>(List.of("writer", "--redis", service, "--prefix", name));
        arguments.addAll(options);
        return arguments.toArray(String[]::new);
    }

    private static void sleep() {
        try {
            Thread.sleep(250);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
