package dev.quorate.cli;

import dev.quorate.cli.console.ConsoleClient;
import dev.quorate.cli.console.RunningCluster;
import dev.quorate.cli.local.ClusterFolder;
import dev.quorate.cli.output.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate down}. */
@Command(
        name = "down",
        description =
                "Stops a cluster that quorate up started, also one whose control process was killed. Its data stays.",
        mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
    private static final long STOP_SECONDS = 180;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "The cluster's name; needed only when there are several.")
    private Optional<String> name = Optional.empty();

    @Mixin
    private ClusterHome home;

    @Option(names = "--delete", description = "Deletes its data as well.")
    private boolean delete;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path registry = RunningCluster.directory();
        Optional<RunningCluster> running = name.isPresent()
                ? RunningCluster.named(registry, name.get())
                : Optional.of(RunningCluster.find(registry, name));
        String cluster = running.map(RunningCluster::name).orElseGet(name::orElseThrow);
        Path data = home.of(cluster, RunningCluster.known(registry, cluster));
        ClusterFolder folder = new ClusterFolder(data);
        if (running.isPresent()) {
            stop(running.get());
        } else if (!Files.isDirectory(data)) {
            throw UserError.misused(
                    "no cluster " + cluster + " runs on this machine, and none is kept in " + data + ".");
        }
        folder.stopMembers();
        if (delete && Files.isDirectory(data)) {
            folder.delete();
        }
        RunningCluster.forget(registry, cluster);
        System.out.println("cluster " + cluster + " is stopped"
                + (Files.isDirectory(data) ? "; its data is in " + data : "; its data is deleted"));
        return 0;
    }

    private static void stop(RunningCluster cluster) throws InterruptedException {
        Optional<ProcessHandle> process = cluster.process().alive();
        new ConsoleClient(cluster).stop();
        try {
            if (process.isPresent()) {
                process.get().onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
            }
        } catch (TimeoutException e) {
            throw UserError.failed("cluster " + cluster.name() + " (process "
                    + cluster.process().pid() + ") still stops after " + STOP_SECONDS + " s: ask again.");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
