package dev.quorate.cli.mr;

import dev.quorate.cli.console.ClientOptions;
import dev.quorate.cli.output.UserError;
import dev.quorate.client.KvClient;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A job of a cluster: its name, and the cluster that holds its state. */
final class JobOption {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Option(names = "--job", paramLabel = "NAME", required = true, description = "The job's name in the cluster.")
    private String job;

    @Mixin
    private ClientOptions cluster;

    String job() {
        if (!job.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw UserError.misused(
                    "a job's name is up to 63 letters, digits, dots, dashes and underscores, and begins with a letter or digit.");
        }
        return job;
    }

    KvClient client() {
        return cluster.client(TIMEOUT);
    }
}
