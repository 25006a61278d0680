package dev.quorate.cli;

import dev.quorate.cli.console.ClusterFile;
import dev.quorate.cli.console.ConsoleClient;
import dev.quorate.cli.console.RunningCluster;
import dev.quorate.cli.view.ClusterView;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quorate apply}. */
@Command(
        name = "apply",
        description = "Asks for what a KVCluster file says, of the cluster of that name on this machine.",
        mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {
    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "A KVCluster, such as examples/kvcluster.yaml.")
    private Path file;

    @Override
    public Integer call() {
        ClusterFile asked = ClusterFile.read(file);
        RunningCluster running = RunningCluster.find(RunningCluster.directory(), Optional.of(asked.name()));
        ClusterView view = new ConsoleClient(running).apply(asked);
        System.out.println(view.headline());
        return 0;
    }
}
