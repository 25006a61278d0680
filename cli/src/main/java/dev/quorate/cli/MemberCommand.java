package dev.quorate.cli;

import dev.quorate.cli.local.MemberMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quorate member}: one member as a process of its own, for the commands that run a cluster. */
@Command(name = "member", hidden = true, mixinStandardHelpOptions = true)
final class MemberCommand implements Callable<Integer> {
    @Option(names = "--settings", required = true, paramLabel = "FILE")
    private Path settings;

    @Option(names = "--parent", paramLabel = "PID", description = "Ends when this process does.")
    private Optional<Long> parent = Optional.empty();

    @Override
    public Integer call() throws IOException, InterruptedException {
        return MemberMain.run(settings, parent);
    }
}
