package dev.quorate.cli.mr;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where map outputs go. */
final class TemporaryOption {
    @Option(
            names = "--temporary",
            paramLabel = "DIR",
            description = "For map outputs and what else does not fit into memory.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    Path directory() {
        return directory;
    }
}
