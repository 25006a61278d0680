package dev.quorate.cli;

import dev.quorate.cli.console.ConsoleClient;
import dev.quorate.cli.console.RunningCluster;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which of the clusters that run on this machine a command is about. */
final class ClusterOption {
    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "A cluster that runs on this machine; needed only when there are several.")
    private Optional<String> name = Optional.empty();

    RunningCluster running() {
        return RunningCluster.find(RunningCluster.directory(), name);
    }

    ConsoleClient console() {
        return new ConsoleClient(running());
    }
}
