package dev.quorate.cli;

import dev.quorate.cli.output.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** A cluster by its admin API, wherever it runs. */
final class AdminAddresses {
    @Option(
            names = "--admin",
            required = true,
            paramLabel = "HOST:PORT",
            split = ",",
            description = "Admin addresses of members to start from, wherever they run.")
    private List<String> addresses;

    @Option(
            names = "--token-file",
            required = true,
            paramLabel = "FILE",
            description = "Holds the cluster's token. In Kubernetes the Secret NAME-token has it.")
    private Path tokenFile;

    List<String> addresses() {
        return addresses;
    }

    /** @throws UserError when the file can't be read */
    String token() {
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw UserError.misused(tokenFile + " can't be read: " + e.getMessage() + ".");
        }
    }
}
