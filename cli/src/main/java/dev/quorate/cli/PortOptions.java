package dev.quorate.cli;

import dev.quorate.cli.local.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a cluster on this machine listens. */
final class PortOptions {
    @Option(
            names = "--redis-port",
            paramLabel = "PORT",
            description =
                    "First member's Redis port, the others' follow (7001, and ports in use are left out); 0: any.")
    private Optional<Integer> redis = Optional.empty();

    @Option(names = "--console-port", paramLabel = "PORT", description = "The console's (7000 or below).")
    private Optional<Integer> console = Optional.empty();

    PortRange members() {
        return redis.map(port -> port == 0 ? PortRange.any() : PortRange.from(port))
                .orElseGet(PortRange::byDefault);
    }

    Optional<Integer> console() {
        return console;
    }

    /** The same for another command. */
    List<String> asArguments() {
        List<String> arguments = new ArrayList<>();
        redis.ifPresent(port -> arguments.addAll(List.of("--redis-port", String.valueOf(port))));
        console.ifPresent(port -> arguments.addAll(List.of("--console-port", String.valueOf(port))));
        return arguments;
    }
}
