package dev.quorate.cli.kubernetes;

import dev.quorate.cli.writer.Verdict;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Everything from a bare machine to a cluster that was scaled 2, 3, 1 under a writer, whose every acknowledged write was found again. */
public final class KubernetesDemo {
    /** How Maven announces a module. */
    private static final Pattern MODULE = Pattern.compile("Building Quorate: (.*) 0\\S+ +(\\[\\d+/\\d+])");

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
            Prerequisites.ensureDocker(checkout, options.installAgreed(), this::progress);
            progress("building (a first build takes some minutes)");
            build();
            progress("building images " + String.join(", ", Images.names()));
            Optional<KubernetesImage> image =
                    options.context().isPresent() ? Optional.empty() : Optional.of(KubernetesImage.find(checkout));
            Images.build(checkout);
            return image.isPresent()
                    ? onLocal(image.get())
                    : onExisting(options.context().orElseThrow());
        } catch (Prerequisites.MissingException | Shell.CommandFailedException e) {
            out.println(e.getMessage());
            return 1;
        }
    }

    /** All but the command line itself, which runs from what it was built to. */
    private void build() {
        Shell.run(
                Duration.ofMinutes(30),
                line -> {
                    Matcher module = MODULE.matcher(line);
                    if (module.find()) {
                        progress("  " + module.group(2) + " " + module.group(1));
                    }
                },
                checkout.resolve("mvnw").toString(),
                "--batch-mode",
                "-pl",
                "node/app,operator",
                "-am",
                "package",
                "-Dmaven.test.skip",
                "-Dquorate.skip.unit");
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
            int status = judge(new ScalingRun(checkout, this::progress).run(client, kubernetes.kubeconfig(), ""));
            if (options.keep()) {
                Runtime.getRuntime().removeShutdownHook(cleaner);
                out.println("Left running: docker exec " + kubernetes.container() + " kubectl get kvc,kvg -A");
                out.println("Remove it:    docker rm -fv " + kubernetes.container());
            }
            return status;
        }
    }

    private int onExisting(String context) throws IOException, InterruptedException {
        Prerequisites.ensureKubectl(options.installAgreed(), this::progress);
        options.registry().ifPresent(registry -> {
            progress("pushing images to " + registry);
            Images.push(registry);
        });
        String prefix = options.registry().map(registry -> registry + "/").orElse("");
        Path kubeconfig = Files.createTempFile("quorate-demo", ".kubeconfig");
        Files.writeString(
                kubeconfig,
                Shell.run(
                        Duration.ofSeconds(20),
                        "kubectl",
                        "config",
                        "view",
                        "--raw",
                        "--flatten",
                        "--minify",
                        "--context",
                        context));
        try (KubernetesClient client = Kubeconfig.client(Config.autoConfigure(context))) {
            try {
                return judge(new ScalingRun(checkout, this::progress).run(client, kubeconfig, prefix));
            } finally {
                if (!options.keep()) {
                    removeFrom(client, kubeconfig);
                }
            }
        } finally {
            Files.delete(kubeconfig);
        }
    }

    private void removeFrom(KubernetesClient client, Path kubeconfig) {
        progress("removing the demo and the chart");
        client.namespaces()
                .withName(ScalingRun.NAMESPACE)
                .withTimeout(3, TimeUnit.MINUTES)
                .delete();
        Chart.uninstall(kubeconfig, ScalingRun.SYSTEM_NAMESPACE);
    }

    private int judge(Verdict verdict) {
        out.println(verdict.toJson());
        out.println(
                verdict.clean() ? "Nothing failed, nothing was lost." : "Something went wrong: see the line above.");
        return verdict.clean() ? 0 : 1;
    }

    private void progress(String what) {
        long seconds = (System.nanoTime() - startNanos) / 1_000_000_000;
        out.printf("[%3d s] %s%n", seconds, what);
        out.flush();
    }
}
