package dev.quorate.cli.kubernetes;

import dev.quorate.cli.writer.Verdict;
import dev.quorate.crds.KVCluster;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Everything from a bare machine to a cluster that was scaled 2, 3, 1 under a writer, whose every acknowledged write was found again. */
public final class KubernetesDemo {
    private static final String NAMESPACE = "quorate-demo";
    private static final String SYSTEM_NAMESPACE = "quorate-system";
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(240);
    private static final List<Integer> SCALES = List.of(3, 1);

    /**
     * @param context of the kubeconfig to use, or empty for a Kubernetes in Docker of its own
     * @param registry where images are pushed for a cluster that is not our own, or empty when it has them
     * @param installAgreed whether what is missing may be installed
     * @param keep whether to leave everything running at the end
     */
    public record Options(Optional<String> context, Optional<String> registry, boolean installAgreed, boolean keep) {}

    private final Path checkout;
    private final Options options;
    private final PrintStream out;
    private final long startNanos = System.nanoTime();

    public KubernetesDemo(Path checkout, Options options, PrintStream out) {
        this.checkout = checkout;
        this.options = options;
        this.out = out;
    }

    /** Runs the demo; returns the process's exit status: 0 when nothing failed and nothing was lost. */
    public int run() throws IOException, InterruptedException {
        try {
            Prerequisites.ensure(checkout, options.installAgreed(), this::progress);
            progress("building (a first build takes some minutes)");
            Shell.run(
                    Duration.ofMinutes(30),
                    checkout.resolve("mvnw").toString(),
                    "-q",
                    "-pl",
                    "node/app,operator,cli",
                    "-am",
                    "package",
                    "-DskipTests");
            KubernetesImage image = KubernetesImage.find(checkout);
            progress("building images " + String.join(", ", Images.names()));
            Images.build(checkout);
            return options.context().isPresent() ? onExisting(options.context().get()) : onLocal(image);
        } catch (Prerequisites.MissingException | Shell.CommandFailedException e) {
            out.println(e.getMessage());
            return 1;
        }
    }

    private int onLocal(KubernetesImage image) throws IOException, InterruptedException {
        progress("starting Kubernetes in Docker");
        LocalKubernetes kubernetes = LocalKubernetes.start(image);
        Thread cleaner = new Thread(kubernetes::close);
        Runtime.getRuntime().addShutdownHook(cleaner);
        progress("importing images");
        Images.importInto(kubernetes.container());
        String kubeconfig = Files.readString(kubernetes.kubeconfig());
        try (KubernetesClient client = Kubeconfig.client(kubeconfig)) {
            int status = scaleUnderWriter(client, kubernetes.kubeconfig(), Map.of(), "");
            if (options.keep()) {
                Runtime.getRuntime().removeShutdownHook(cleaner);
                out.println("Left running: docker exec " + kubernetes.container() + " kubectl get kvc,kvg -A");
                out.println("Remove it:    docker rm -fv " + kubernetes.container());
            }
            return status;
        }
    }

    private int onExisting(String context) throws IOException, InterruptedException {
        options.registry().ifPresent(registry -> {
            progress("pushing images to " + registry);
            Images.push(registry);
        });
        String prefix = options.registry().map(registry -> registry + "/").orElse("");
        Config config = Config.autoConfigure(context);
        Path kubeconfig = Files.createTempFile("quorate-demo", ".kubeconfig");
        try (KubernetesClient client = Kubeconfig.client(config)) {
            Files.writeString(
                    kubeconfig,
                    Shell.run(
                            Duration.ofSeconds(20),
                            "kubectl",
                            "config",
                            "view",
                            "--raw",
                            "--minify",
                            "--context",
                            context));
            Map<String, String> values = prefix.isEmpty()
                    ? Map.of()
                    : Map.of("image.registry", options.registry().orElseThrow());
            int status = scaleUnderWriter(client, kubeconfig, values, prefix);
            if (!options.keep()) {
                progress("removing the demo and the chart");
                client.namespaces()
                        .withName(NAMESPACE)
                        .withTimeout(3, TimeUnit.MINUTES)
                        .delete();
                Chart.uninstall(kubeconfig, SYSTEM_NAMESPACE);
            }
            return status;
        } finally {
            Files.delete(kubeconfig);
        }
    }

    private int scaleUnderWriter(
            KubernetesClient client, Path kubeconfig, Map<String, String> values, String imagePrefix)
            throws IOException, InterruptedException {
        createNamespace(client, SYSTEM_NAMESPACE);
        createNamespace(client, NAMESPACE);
        progress("helm install quorate charts/quorate");
        Chart.install(checkout, kubeconfig, SYSTEM_NAMESPACE, values);
        progress("kubectl apply -f examples/kvcluster.yaml");
        try (var yaml = Files.newInputStream(checkout.resolve("examples/kvcluster.yaml"))) {
            client.load(yaml).inNamespace(NAMESPACE).create();
        }
        Resource<KVCluster> cluster =
                client.resources(KVCluster.class).inNamespace(NAMESPACE).withName("demo");
        awaitBalanced(cluster, cluster.get().getSpec().groups());
        String service = "demo." + NAMESPACE + ".svc:6379";
        try (WriterPod writer = WriterPod.start(
                client, NAMESPACE, "writer", imagePrefix + "quorate/cli:" + Images.TAG, service, List.of())) {
            progress("a writer runs: " + writer.acknowledged() + " writes acknowledged");
            for (int groups : SCALES) {
                progress("kubectl scale kvc/demo --replicas=" + groups);
                cluster.scale(groups);
                awaitBalanced(cluster, groups);
                writer.awaitProgress(100, 60);
                progress("served throughout: " + writer.acknowledged() + " writes acknowledged");
            }
            progress("verifying every acknowledged write");
            Verdict verdict = writer.stop();
            out.println(verdict.toJson());
            out.println(
                    verdict.clean()
                            ? "Nothing failed, nothing was lost."
                            : "Something went wrong: see the line above.");
            return verdict.clean() ? 0 : 1;
        }
    }

    private void awaitBalanced(Resource<KVCluster> resource, int groups) throws InterruptedException, IOException {
        long endNanos = System.nanoTime() + READY_TIMEOUT.toNanos();
        String last = "";
        while (true) {
            KVCluster cluster = resource.get();
            String line = describe(cluster);
            if (!line.equals(last)) {
                progress(line);
                last = line;
            }
            if (balanced(cluster, groups)) {
                return;
            }
            if (System.nanoTime() > endNanos) {
                throw new IOException("the cluster was not balanced over " + groups + " groups after "
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

    private void progress(String what) {
        long seconds = (System.nanoTime() - startNanos) / 1_000_000_000;
        out.printf("[%3d s] %s%n", seconds, what);
        out.flush();
    }
}
