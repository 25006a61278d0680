package dev.quorate.cli;

import dev.quorate.cli.console.ClusterFile;
import dev.quorate.cli.console.ConsoleClient;
import dev.quorate.cli.console.RunningCluster;
import dev.quorate.cli.view.ClusterView;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code quorate apply}. */
@Command(
        name = "apply",
        description = "Asks for what a KVCluster file says, of the cluster of that name on this machine.",
        mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {
    @Mixin
    private ClusterFileOption file;

    @Override
    public Integer call() {
        ClusterFile asked = file.read();
        RunningCluster running = RunningCluster.find(RunningCluster.directory(), Optional.of(asked.name()));
        ClusterView view = new ConsoleClient(running).apply(asked);
        System.out.println(view.headline());
        return 0;
    }
}
