package dev.quorate.cli;

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
}
