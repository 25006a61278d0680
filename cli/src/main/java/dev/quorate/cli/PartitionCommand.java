package dev.quorate.cli;

import dev.quorate.api.Error;
import dev.quorate.api.PeerFault;
import dev.quorate.cli.console.ClusterOption;
import dev.quorate.cli.output.UserError;
import dev.quorate.client.AdminClient;
import dev.quorate.client.Endpoint;
import dev.quorate.client.QuorateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quorate partition}. */
@Command(
        name = "partition",
        description = {
            "Breaks the network between a member and others, in a cluster that was started with quorate up --fault-switch.",
            "Without --from and --to: all of it, both ways. Clients and the control process still reach the member.",
            "What was broken before is whole again, unless it is asked for again."
        },
        mixinStandardHelpOptions = true)
final class PartitionCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Mixin
    private ClusterOption cluster;

    @Parameters(paramLabel = "MEMBER", description = "Its name, such as demo-1-0; quorate status shows them.")
    private String name;

    @Option(names = "--from", split = ",", paramLabel = "MEMBER", description = "What these send to it is lost.")
    private List<String> from = List.of();

    @Option(names = "--to", split = ",", paramLabel = "MEMBER", description = "What it sends to these is lost.")
    private List<String> to = List.of();

    @Option(
            names = "--slow",
            paramLabel = "MILLIS",
            description = "Nothing is lost, but what it sends (with --to: to these) arrives later.")
    private Integer slowMillis;

    @Option(names = "--heal", description = "The member's network is whole again.")
    private boolean heal;

    @Override
    public Integer call() {
        if (heal && (slowMillis != null || !from.isEmpty() || !to.isEmpty())) {
            throw UserError.misused("--heal heals all: leave --from, --to and --slow out.");
        }
        if (slowMillis != null && !from.isEmpty()) {
            throw UserError.misused("--slow is about what " + name + " sends: leave --from out.");
        }
        Endpoint admin = Endpoint.parse(cluster.member(name).admin());
        try (AdminClient client = client(admin)) {
            client.setNetworkFaults(heal ? List.of() : faults());
        } catch (QuorateException e) {
            throw e.code() == Error.Code.INVALID
                    ? UserError.misused(e.error().getMessage() + ".")
                    : UserError.failed("member " + name + " does not do it: " + e.getMessage());
        }
        System.out.println(
                name + (heal ? " has its network back" : slowMillis == null ? " is cut off" : " is slowed down"));
        return 0;
    }

    private AdminClient client(Endpoint admin) {
        return new AdminClient(admin, cluster.running().token(), TIMEOUT);
    }

    private List<PeerFault> faults() {
        if (from.isEmpty() && to.isEmpty()) {
            PeerFault.Builder everybody = PeerFault.newBuilder();
            return List.of(
                    slowMillis == null
                            ? everybody.setLoseSent(true).setLoseReceived(true).build()
                            : everybody.setDelayMillis(slowMillis).build());
        }
        List<PeerFault> faults = new ArrayList<>();
        for (String peer : to) {
            PeerFault.Builder fault = fault(peer);
            faults.add(
                    slowMillis == null
                            ? fault.setLoseSent(true)
                                    .setLoseReceived(from.contains(peer))
                                    .build()
                            : fault.setDelayMillis(slowMillis).build());
        }
        from.stream()
                .filter(peer -> !to.contains(peer))
                .map(peer -> fault(peer).setLoseReceived(true).build())
                .forEach(faults::add);
        return faults;
    }

    private PeerFault.Builder fault(String peer) {
        if (peer.equals(name)) {
            throw UserError.misused("--from and --to name other members than " + name + " itself.");
        }
        try (AdminClient client = client(Endpoint.parse(cluster.member(peer).admin()))) {
            return PeerFault.newBuilder().setPeer(client.describe().getMember());
        } catch (QuorateException e) {
            throw UserError.failed("member " + peer + " does not say who it is: " + e.getMessage());
        }
    }
}
