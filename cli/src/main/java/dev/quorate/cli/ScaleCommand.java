package dev.quorate.cli;

import dev.quorate.cli.console.ClusterOption;
import dev.quorate.cli.console.ConsoleClient;
import dev.quorate.cli.output.Screen;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.Tables;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate scale}. */
@Command(
        name = "scale",
        description = "Changes the number of groups and shows the shards move until they are balanced.",
        mixinStandardHelpOptions = true)
final class ScaleCommand implements Callable<Integer> {
    private static final long REDRAW_MILLIS = 100;

    @Mixin
    private ClusterOption cluster;

    @Option(names = "--groups", required = true, paramLabel = "N", description = "How many groups shall serve.")
    private int groups;

    @Option(
            names = "--timeout",
            defaultValue = "300",
            paramLabel = "SECONDS",
            description = "When to stop waiting; the cluster goes on by itself (${DEFAULT-VALUE}).")
    private long timeoutSeconds;

    @Override
    public Integer call() throws InterruptedException {
        ConsoleClient console = cluster.console();
        Screen screen = Screen.on(System.out, Screen.Plain.HEADLINES);
        ClusterView view = console.scale(groups);
        long startNanos = System.nanoTime();
        while (!done(view)) {
            if (System.nanoTime() - startNanos > TimeUnit.SECONDS.toNanos(timeoutSeconds)) {
                throw UserError.failed("not done after " + timeoutSeconds + " s: " + view.headline()
                        + ". The cluster goes on by itself; see: quorate status");
            }
            screen.show(view.headline(), Tables.groups(view));
            Thread.sleep(REDRAW_MILLIS);
            view = console.status();
        }
        screen.show(view.headline(), Tables.groups(view));
        System.out.printf("done in %.1f s%n", (System.nanoTime() - startNanos) / 1e9);
        return 0;
    }

    private boolean done(ClusterView view) {
        if (view.wantedGroups() != groups) {
            throw UserError.failed("someone else asked for " + view.wantedGroups() + " groups meanwhile.");
        }
        return view.settled();
    }
}
