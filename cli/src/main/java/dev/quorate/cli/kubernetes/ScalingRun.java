package dev.quorate.cli.kubernetes;

import dev.quorate.cli.output.UserError;
import dev.quorate.cli.writer.Verdict;
import dev.quorate.crds.KVCluster;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The demo once there is a Kubernetes with images: chart, cluster, writer, scaling, verdict. */
final class ScalingRun {
    static final String NAMESPACE = "quorate-demo";
    static final String SYSTEM_NAMESPACE = "quorate-system";

    private static final Duration READY_TIMEOUT = Duration.ofSeconds(240);
    private static final List<Integer> SCALES = List.of(3, 1);

    private final Path checkout;
    private final Consumer<String> progress;

    ScalingRun(Path checkout, Consumer<String> progress) {
        this.checkout = checkout;
        this.progress = progress;
    }

    /**
     * Installs, applies, scales under a writer, and verifies what it wrote.
     *
     * @param imagePrefix of the images' names as the cluster knows them: empty, or a registry with a slash
     * @throws UserError when the cluster did not come to balance in time
     */
    Verdict run(KubernetesClient client, Path kubeconfig, String imagePrefix) throws IOException, InterruptedException {
        Map<String, String> values = Map.of(
                "image.repository",
                imagePrefix + "quorate/operator",
                "node.image.repository",
                imagePrefix + "quorate/node");
        createNamespace(client, SYSTEM_NAMESPACE);
        createNamespace(client, NAMESPACE);
        progress.accept("helm install quorate charts/quorate");
        Chart.install(checkout, kubeconfig, SYSTEM_NAMESPACE, values);
        progress.accept("kubectl apply -f examples/kvcluster.yaml");
        try (var yaml = Files.newInputStream(checkout.resolve("examples/kvcluster.yaml"))) {
            client.load(yaml).inNamespace(NAMESPACE).create();
        }
        Resource<KVCluster> cluster =
                client.resources(KVCluster.class).inNamespace(NAMESPACE).withName("demo");
        awaitBalanced(cluster, cluster.get().getSpec().groups());
        String service = "demo." + NAMESPACE + ".svc:6379";
        try (WriterPod writer = WriterPod.start(
                client, NAMESPACE, "writer", imagePrefix + "quorate/cli:" + Images.TAG, service, List.of())) {
            progress.accept("a writer runs: " + writer.acknowledged() + " writes acknowledged");
            for (int groups : SCALES) {
                progress.accept("kubectl scale kvc/demo --replicas=" + groups);
                cluster.scale(groups);
                awaitBalanced(cluster, groups);
                writer.awaitProgress(100, 60);
                progress.accept("served throughout: " + writer.acknowledged() + " writes acknowledged");
            }
            progress.accept("verifying every acknowledged write");
            return writer.stop();
        }
    }

    private void awaitBalanced(Resource<KVCluster> resource, int groups) throws InterruptedException {
        long endNanos = System.nanoTime() + READY_TIMEOUT.toNanos();
        String last = "";
        while (true) {
            KVCluster cluster = resource.get();
            String line = describe(cluster);
            if (!line.equals(last)) {
                progress.accept(line);
                last = line;
            }
            if (balanced(cluster, groups)) {
                return;
            }
            if (System.nanoTime() > endNanos) {
                throw UserError.failed("the cluster was not balanced over " + groups + " groups after "
                        + READY_TIMEOUT.toSeconds() + " s. Its last word: " + line);
            }
            Thread.sleep(1000);
        }
    }

    private static boolean balanced(KVCluster cluster, int groups) {
        var status = cluster.getStatus();
        return status != null
                && status.groups() != null
                && status.groups() == groups
                && cluster.getMetadata().getGeneration().equals(status.observedGeneration())
                && says(cluster, "Ready", "True")
                && says(cluster, "Balanced", "True")
                && says(cluster, "Progressing", "False");
    }

    private static boolean says(KVCluster cluster, String type, String status) {
        List<Condition> conditions = cluster.getStatus().conditions();
        return conditions != null
                && conditions.stream()
                        .anyMatch(c -> c.getType().equals(type) && c.getStatus().equals(status));
    }

    private static String describe(KVCluster cluster) {
        var status = cluster.getStatus();
        if (status == null) {
            return "waiting for the operator";
        }
        return "groups=" + status.groups() + " shards=" + status.shards() + " moving=" + status.moving() + " epoch="
                + status.epoch() + "  " + status.message();
    }

    private static void createNamespace(KubernetesClient client, String name) {
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .serverSideApply();
    }
}
