package dev.quorate.cli;

import dev.quorate.cli.console.RunningCluster;
import dev.quorate.cli.output.UserError;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a cluster of processes keeps its data. */
final class ClusterHome {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the cluster's data is (~/.quorate/clusters/NAME).")
    private Optional<Path> data = Optional.empty();

    Path of(String cluster) {
        return data.orElseGet(() -> Path.of(System.getProperty("user.home"), ".quorate", "clusters", cluster))
                .toAbsolutePath();
    }

    /**
     * Where the data of a cluster is that was started before: as it said itself, if it did.
     *
     * @throws UserError when the option names another directory
     */
    Path of(String cluster, Optional<RunningCluster> started) {
        Optional<Path> known = started.map(RunningCluster::data).map(Path::of);
        known.filter(its -> data.isPresent() && !data.get().toAbsolutePath().equals(its))
                .ifPresent(its -> {
                    throw UserError.misused("cluster " + cluster + " has its data in " + its + ", not in "
                            + data.get().toAbsolutePath() + ": leave --data out.");
                });
        return known.orElseGet(() -> of(cluster));
    }
}
