package dev.quorate.cli;

import dev.quorate.cli.console.ClusterFile;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The file that says what a cluster shall be. */
final class ClusterFileOption {
    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "A KVCluster, such as examples/kvcluster.yaml.")
    private Path file;

    Path path() {
        return file;
    }

    ClusterFile read() {
        return ClusterFile.read(file);
    }
}
