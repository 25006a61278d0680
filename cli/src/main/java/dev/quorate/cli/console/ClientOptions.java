package dev.quorate.cli.console;

import dev.quorate.cli.output.UserError;
import dev.quorate.cli.view.ClusterView.MemberView;
import dev.quorate.client.Endpoint;
import dev.quorate.client.KvClient;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which cluster a command is a client of: one on this machine, or one whose members are named. */
public final class ClientOptions {
    @Mixin
    private ClusterOption cluster;

    @Option(
            names = "--grpc",
            paramLabel = "HOST:PORT",
            split = ",",
            description = "Members to start from, instead of a cluster on this machine.")
    private List<String> seeds = List.of();

    /**
     * A client of it; the caller closes it.
     *
     * @param timeout of each call
     */
    public KvClient client(Duration timeout) {
        List<String> addresses = seeds.isEmpty() ? cluster.console().status().addresses(MemberView::grpc) : seeds;
        try {
            return new KvClient(addresses.stream().map(Endpoint::parse).toList(), timeout);
        } catch (IllegalArgumentException e) {
            throw UserError.misused(e.getMessage() + ".");
        }
    }
}
