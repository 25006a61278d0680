package dev.quorate.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a command waits for each of its calls. */
final class TimeoutOption {
    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Of each call (${DEFAULT-VALUE}).")
    private long seconds;

    Duration duration() {
        return Duration.ofSeconds(seconds);
    }
}
