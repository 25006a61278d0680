package dev.quorate.cli.console;

import dev.quorate.cli.output.UserError;
import dev.quorate.cli.view.ClusterView.MemberView;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which of the clusters that run on this machine a command is about. */
public final class ClusterOption {
    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            description = "A cluster that runs on this machine; needed only when there are several.")
    private Optional<String> name = Optional.empty();

    public RunningCluster running() {
        return RunningCluster.find(RunningCluster.directory(), name);
    }

    public ConsoleClient console() {
        return new ConsoleClient(running());
    }

    /** @throws UserError when the cluster has no member of this name */
    public MemberView member(String memberName) {
        RunningCluster running = running();
        return new ConsoleClient(running)
                .status()
                .member(memberName)
                .orElseThrow(() -> UserError.misused(
                        "cluster " + running.name() + " has no member " + memberName + ": see quorate status."));
    }
}
