package dev.quorate.cli;

import dev.quorate.cli.console.ClusterFile;
import dev.quorate.cli.console.ConsoleClient;
import dev.quorate.cli.console.RunningCluster;
import dev.quorate.cli.local.ControlProcess;
import dev.quorate.cli.output.Screen;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.Tables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate up}: a cluster of processes that goes on when the command has ended. */
@Command(
        name = "up",
        description =
                "Runs the cluster of a KVCluster file on this machine, each member a process of its own, until quorate down.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
    private static final long REDRAW_MILLIS = 100;

    @Mixin
    private ClusterFileOption file;

    @Mixin
    private ClusterHome home;

    @Mixin
    private PortOptions ports;

    @Option(
            names = "--fault-switch",
            description = "For tests: quorate partition may break the network between the members.")
    private boolean faultSwitch;

    @Option(
            names = "--timeout",
            defaultValue = "180",
            paramLabel = "SECONDS",
            description = "When to stop waiting; the cluster goes on by itself (${DEFAULT-VALUE}).")
    private long timeoutSeconds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ClusterFile asked = file.read();
        Path registry = RunningCluster.directory();
        RunningCluster.refuseIfRunning(registry, asked.name());
        ControlProcess process =
                ControlProcess.start(file.path(), home.of(asked.name()), ports.asArguments(), faultSwitch);
        Screen screen = Screen.on(System.err, Screen.Plain.HEADLINES);
        long startNanos = System.nanoTime();
        while (true) {
            Optional<RunningCluster> running = RunningCluster.named(registry, asked.name());
            Optional<ClusterView> view = running.flatMap(UpCommand::status);
            view.ifPresent(seen -> screen.show(seen.headline(), Tables.groups(seen)));
            if (view.filter(ClusterView::settled).isPresent()) {
                System.out.println(
                        DemoCommand.readyLine(view.get(), running.get().console()));
                return 0;
            }
            process.refuseIfEnded();
            if (System.nanoTime() - startNanos > TimeUnit.SECONDS.toNanos(timeoutSeconds)) {
                throw UserError.failed("not ready after " + timeoutSeconds
                        + " s. The cluster goes on by itself; see: quorate status, and the logs in "
                        + home.of(asked.name()));
            }
            Thread.sleep(REDRAW_MILLIS);
        }
    }

    /** Empty while the cluster is too busy with its start to answer. */
    private static Optional<ClusterView> status(RunningCluster cluster) {
        try {
            return Optional.of(new ConsoleClient(cluster).status());
        } catch (UserError e) {
            return Optional.empty();
        }
    }
}
