package dev.quorate.cli;

import dev.quorate.cli.console.ClusterFile;
import dev.quorate.cli.console.RunningCluster;
import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.local.LocalOptions;
import dev.quorate.cli.local.LogFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate control}: the process that {@code quorate up} leaves behind. Its members go on when it is killed; the next {@code up} takes them over. */
@Command(name = "control", hidden = true, mixinStandardHelpOptions = true)
final class ControlCommand implements Callable<Integer> {
    @Option(names = "--file", required = true, paramLabel = "FILE")
    private Path file;

    @Option(names = "--data", required = true, paramLabel = "DIR")
    private Path data;

    @Mixin
    private PortOptions ports;

    @Option(names = "--fault-switch")
    private boolean faultSwitch;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ClusterFile asked = ClusterFile.read(file);
        LocalOptions options = new LocalOptions(
                Optional.of(asked.name()),
                Optional.of(asked.groups()),
                Optional.of(asked.replicas()),
                Optional.of(asked.shards()),
                Optional.of(asked.maxMoves()),
                Optional.of(asked.maxMovesPerGroup()),
                Optional.of(data),
                ports.members(),
                LocalOptions.Members.DETACHED,
                faultSwitch,
                ports.console());
        LocalCluster cluster = LocalCluster.open(options, _ -> {});
        Path registry = RunningCluster.directory();
        LogFile.use(cluster.log());
        cluster.start();
        RunningCluster.here(cluster.name(), cluster.consoleAddress(), cluster.token(), cluster.data())
                .announce(registry);
        Thread withdraw = new Thread(
                () -> {
                    cluster.abandon();
                    RunningCluster.withdraw(registry, cluster.name());
                },
                "withdraw");
        Runtime.getRuntime().addShutdownHook(withdraw);
        cluster.awaitStop();
        Runtime.getRuntime().removeShutdownHook(withdraw);
        cluster.close();
        RunningCluster.withdraw(registry, cluster.name());
        return 0;
    }
}
