package dev.quorate.cli.mr;

import picocli.CommandLine.Option;

/** Of a process that others of its job talk to. */
final class HostOption {
    @Option(
            names = "--host",
            paramLabel = "NAME",
            defaultValue = "127.0.0.1",
            description = "Where the job's other processes reach this machine (${DEFAULT-VALUE}).")
    private String host;

    String host() {
        return host;
    }
}
