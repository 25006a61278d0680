package dev.quorate.cli;

import dev.quorate.cli.proxy.ClusterProxy;
import dev.quorate.cli.proxy.KubernetesGateway;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quorate proxy}. */
@Command(
        name = "proxy",
        description =
                "Makes every member of a cluster in Kubernetes reachable from here, for any Redis Cluster client, until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class ProxyCommand implements Callable<Integer> {
    private static final long REFRESH_MILLIS = 2000;

    @Option(names = "--cluster", required = true, paramLabel = "NAME", description = "Name of the KVCluster.")
    private String cluster;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "Its namespace (the context's).")
    private Optional<String> namespace = Optional.empty();

    @Option(names = "--context", paramLabel = "C", description = "Of the kubeconfig (its current one).")
    private Optional<String> context = Optional.empty();

    @Option(
            names = "--port",
            defaultValue = "7001",
            paramLabel = "PORT",
            description = "First local port; ports in use are left out; 0: any (${DEFAULT-VALUE}).")
    private int port;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (ClusterProxy proxy =
                new ClusterProxy(KubernetesGateway.open(cluster, namespace, context), port, System.err::println)) {
            proxy.refresh();
            System.out.println("READY redis=" + String.join(",", proxy.addresses()));
            System.out.flush();
            for (String trouble = ""; ; ) {
                Thread.sleep(REFRESH_MILLIS);
                try {
                    proxy.refresh();
                    trouble = "";
                } catch (IOException e) {
                    if (!trouble.equals(e.getMessage())) {
                        trouble = e.getMessage();
                        System.err.println("! " + trouble + "; trying again");
                    }
                }
            }
        }
    }
}
