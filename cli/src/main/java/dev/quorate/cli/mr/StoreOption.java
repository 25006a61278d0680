package dev.quorate.cli.mr;

import dev.quorate.cli.console.ConsoleClient;
import dev.quorate.cli.console.RunningCluster;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The cluster that holds a job's state, and the job's name there. */
final class StoreOption {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Option(names = "--job", paramLabel = "NAME", required = true, description = "The job's name in the cluster.")
    private String job;

    @Option(
            names = "--grpc",
            paramLabel = "HOST:PORT",
            split = ",",
            description = "Members of the cluster that holds the job's state, instead of one on this machine.")
    private List<String> seeds = List.of();

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "A cluster that runs on this machine; needed only when there are several.")
    private Optional<String> cluster = Optional.empty();

    String job() {
        if (!job.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw UserError.misused(
                    "a job's name is up to 63 letters, digits, dots, dashes and underscores, and begins with a letter or digit.");
        }
        return job;
    }

    KvClient client() {
        List<String> addresses = seeds.isEmpty()
                ? new ConsoleClient(RunningCluster.find(RunningCluster.directory(), cluster))
                        .status()
                        .addresses(MemberView::grpc)
                : seeds;
        try {
            return new KvClient(addresses.stream().map(Endpoint::parse).toList(), TIMEOUT);
        } catch (IllegalArgumentException e) {
            throw UserError.misused(e.getMessage() + ".");
        }
    }
}
