package dev.quorate.cli;

import dev.quorate.cli.console.ClusterOption;
import dev.quorate.cli.console.ConsoleClient;
import dev.quorate.cli.output.Screen;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate status}. */
@Command(
        name = "status",
        description = "Shows groups, members and the shard map of a cluster on this machine.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
    private static final long WATCH_MILLIS = 500;

    enum Format {
        table,
        json
    }

    @Mixin
    private ClusterOption cluster;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Format format;

    @Option(
            names = "--watch",
            description = "Goes on showing until interrupted: in place on a terminal, else whenever something changed.")
    private boolean watch;

    @Override
    public Integer call() throws InterruptedException {
        ConsoleClient console = cluster.console();
        Screen screen = Screen.on(System.out, Screen.Plain.BLOCKS);
        ClusterView view = console.status();
        show(view, screen);
        while (watch) {
            Thread.sleep(WATCH_MILLIS);
            show(console.status(), screen);
        }
        return 0;
    }

    private void show(ClusterView view, Screen screen) {
        if (format == Format.json) {
            System.out.println(view.toJson());
        } else if (watch) {
            screen.show(view.headline(), tables(view));
        } else {
            System.out.println(view.headline());
            tables(view).forEach(System.out::println);
        }
    }

    private static List<String> tables(ClusterView view) {
        List<String> lines = new ArrayList<>(List.of(""));
        lines.addAll(Tables.groups(view));
        lines.add("");
        lines.addAll(Tables.members(view));
        List<String> busiest = Tables.busiest(view);
        if (!busiest.isEmpty()) {
            lines.add("");
            lines.addAll(busiest);
        }
        return lines;
    }
}
