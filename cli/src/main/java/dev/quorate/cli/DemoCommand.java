package dev.quorate.cli;

import dev.quorate.cli.console.RunningCluster;
import dev.quorate.cli.kubernetes.KubernetesDemo;
import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.local.LocalOptions;
import dev.quorate.cli.local.LogFile;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.ClusterView.MemberView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quorate demo}: a cluster on this machine until Ctrl-C, or with {@code --kubernetes} the demo there. */
@Command(
        name = "demo",
        description = "Runs a cluster on this machine until Ctrl-C; with --kubernetes, shows one scale there.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final long READY_MILLIS = 120_000;

    @ArgGroup(exclusive = false, heading = "On this machine:%n")
    private Local local = new Local();

    @ArgGroup(exclusive = false, heading = "On Kubernetes:%n")
    private OnKubernetes kubernetes;

    private static final class Local {
        @Option(names = "--name", paramLabel = "NAME", description = "The cluster's name (demo).")
        private Optional<String> name = Optional.empty();

        @Option(names = "--groups", paramLabel = "N", description = "Groups that serve (2).")
        private Optional<Integer> groups = Optional.empty();

        @Option(names = "--replicas", paramLabel = "N", description = "Members of each group, odd (3).")
        private Optional<Integer> replicas = Optional.empty();

        @Option(names = "--shards", paramLabel = "N", description = "Shards, a power of two (256).")
        private Optional<Integer> shards = Optional.empty();

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "Keeps the data here, and goes on from it. Without: removed at the end.")
        private Optional<Path> data = Optional.empty();

        @ArgGroup(exclusive = false)
        private PortOptions ports = new PortOptions();

        @Option(names = "--processes", description = "Each member in a process of its own.")
        private boolean processes;

        private LocalOptions options() {
            name.filter(given -> !given.matches("[a-z]([a-z0-9-]{0,30}[a-z0-9])?"))
                    .ifPresent(given -> {
                        throw UserError.misused(
                                "a name has at most 32 small letters, digits and dashes and starts with a letter, unlike \""
                                        + given + "\".");
                    });
            return new LocalOptions(
                    name,
                    groups,
                    replicas,
                    shards,
                    Optional.empty(),
                    Optional.empty(),
                    data,
                    ports.members(),
                    processes ? LocalOptions.Members.CHILDREN : LocalOptions.Members.HERE,
                    false,
                    ports.console());
        }
    }

    private static final class OnKubernetes {
        @Option(
                names = "--kubernetes",
                required = true,
                description = "Builds, installs, and scales 2, 3, 1 under a verified writer.")
        private boolean asked;

        @Option(
                names = "--context",
                paramLabel = "NAME",
                description = "Of the kubeconfig. Without: a Kubernetes in Docker of its own.")
        private Optional<String> context = Optional.empty();

        @Option(names = "--registry", paramLabel = "HOST/PATH", description = "Where that cluster pulls images from.")
        private Optional<String> registry = Optional.empty();

        @Option(names = "--yes", description = "Installs what is missing.")
        private boolean yes;

        @Option(names = "--keep", description = "Leaves everything running at the end.")
        private boolean keep;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (kubernetes != null) {
            Path checkout = Path.of(System.getProperty("quorate.root", "."));
            var options = new KubernetesDemo.Options(
                    kubernetes.context, kubernetes.registry, kubernetes.yes, kubernetes.keep);
            return new KubernetesDemo(checkout, options, System.out).run();
        }
        return runLocal(local.options());
    }

    private static int runLocal(LocalOptions options) throws IOException, InterruptedException {
        LocalCluster cluster = LocalCluster.open(options, step -> System.err.println("  " + step));
        Path registry = RunningCluster.directory();
        try {
            RunningCluster.here(cluster.name(), cluster.consoleAddress(), cluster.token(), cluster.data())
                    .announce(registry);
        } catch (UserError e) {
            cluster.close();
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(cluster, registry, options), "stop"));
        System.err.println("starting cluster " + cluster.name());
        LogFile.use(cluster.log());
        cluster.start();
        try {
            ClusterView view = cluster.awaitSettled(READY_MILLIS);
            System.err.println(greeting(view, cluster));
            System.out.println(readyLine(view, cluster.consoleAddress()));
            System.out.flush();
        } catch (TimeoutException e) {
            throw UserError.failed("the cluster did not form within " + READY_MILLIS / 1000 + " s: " + e.getMessage());
        }
        cluster.awaitStop();
        return 0;
    }

    private static void stop(LocalCluster cluster, Path registry, LocalOptions options) {
        System.err.println("stopping");
        cluster.close();
        RunningCluster.withdraw(registry, cluster.name());
        System.err.println(
                options.data().map(data -> "stopped; the data is in " + data).orElse("stopped; the data is removed"));
    }

    /** What scripts read: space-separated {@code key=value}, addresses separated by commas. */
    static String readyLine(ClusterView view, String console) {
        return "READY redis=" + String.join(",", view.addresses(MemberView::redis)) + " grpc="
                + String.join(",", view.addresses(MemberView::grpc)) + " console=" + console;
    }

    private static String greeting(ClusterView view, LocalCluster cluster) {
        List<String> redis = view.addresses(MemberView::redis);
        return """

                Cluster %s: %d groups of %d members, %d shards. Console: %s  Logs: %s
                Paste into another terminal:

                  redis-cli -c -p %s set greeting hello
                  redis-cli -c -p %s get greeting
                  ./quorate scale --groups %d

                Ctrl-C stops it.
                """.formatted(
                        view.cluster(),
                        view.groups().size(),
                        redis.size() / view.groups().size(),
                        view.shardCount(),
                        cluster.consoleAddress(),
                        cluster.data(),
                        port(redis.getFirst()),
                        port(redis.getLast()),
                        view.groups().size() + 1);
    }

    private static String port(String address) {
        return address.substring(address.lastIndexOf(':') + 1);
    }
}
