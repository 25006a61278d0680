package dev.quorate.bench;

import dev.quorate.bench.contender.Checkout;
import dev.quorate.bench.contender.Usage;
import dev.quorate.cli.local.LocalCluster;
import dev.quorate.cli.local.LocalOptions;
import dev.quorate.cli.view.ClusterView;
import dev.quorate.cli.view.ClusterView.MemberView;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What an operation costs as groups become more, each with the same load: as long as the cost stays the same, throughput grows with the number of groups
 * until the cores have no more to give. Every member is a process; the load generator is another one.
 *
 * <p>Prints one line of JSON for each number of groups.
 */
@Command(
        description = "Throughput and CPU time per write, for one group and more, each under the same load.",
        mixinStandardHelpOptions = true)
final class GroupsBench implements Callable<Integer> {
    private static final int KEYS = 20_000;
    private static final int VALUE_BYTES = 256;
    private static final int SHARDS = 64;
    private static final long PATIENCE_MILLIS = 300_000;

    @Option(names = "--groups", split = ",", defaultValue = "1,2,3,4", description = "How many (${DEFAULT-VALUE}).")
    List<Integer> groups;

    @Option(names = "--replicas", defaultValue = "1", description = "Members of each group (${DEFAULT-VALUE}).")
    int replicas;

    @Option(names = "--callers", defaultValue = "16", description = "Of each group (${DEFAULT-VALUE}).")
    int callers;

    @Option(
            names = "--per-second",
            defaultValue = "2000",
            description = "Writes of each group (${DEFAULT-VALUE}); 0: as many as the callers can.")
    int perSecond;

    @Option(names = "--seconds", defaultValue = "10", description = "Of each measurement (${DEFAULT-VALUE}).")
    int seconds;

    @Option(
            names = "--load-seconds",
            defaultValue = "20",
            description = "Load before the measurement, so that compilers finish (${DEFAULT-VALUE}).")
    int loadSeconds;

    @Override
    public Integer call() throws Exception {
        for (int count : groups) {
            System.out.println(measure(count));
        }
        return 0;
    }

    private String measure(int count) throws Exception {
        Checkout checkout = Checkout.here();
        try (WorkDirectory directory = WorkDirectory.create(checkout.work())) {
            LocalOptions options = LocalOptions.of("bench", count, replicas, SHARDS)
                    .withData(directory.path().resolve("cluster"))
                    .withMembers(LocalOptions.Members.CHILDREN);
            try (LocalCluster cluster = LocalCluster.open(options, _ -> {})) {
                cluster.start();
                ClusterView view = cluster.awaitSettled(PATIENCE_MILLIS);
                String addresses = String.join(",", view.addresses(MemberView::grpc));
                try (LoadProcess load = new LoadProcess(checkout.javaLoad("quorate", addresses))) {
                    return measure(view, load, count);
                }
            }
        }
    }

    private String measure(ClusterView view, LoadProcess load, int count) throws Exception {
        load.load(KEYS, VALUE_BYTES, callers * count, 1000L * loadSeconds);
        load.begin("write", callers * count, perSecond * count, 2_000, 1000L * seconds);
        Usage servers = usage(view);
        Usage client = load.usage();
        LoadProcess.Answer answer = load.end();
        Usage serversUsed = usage(view).since(servers);
        Usage clientUsed = load.usage().since(client);
        return String.format(
                Locale.ROOT,
                "{\"groups\":%d,\"replicas\":%d,\"callers\":%d,\"asked_per_s\":%d,\"per_s\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,"
                        + "\"failed\":%d,\"cores\":%.2f,\"server_cpu_s_per_100k\":%.2f,\"client_cpu_s_per_100k\":%.2f,\"written_bytes_per_write\":%d}",
                count,
                replicas,
                callers * count,
                perSecond * count,
                answer.operations() / answer.seconds(),
                answer.p50() / 1000.0,
                answer.p99() / 1000.0,
                answer.failures(),
                (serversUsed.cpuSeconds() + clientUsed.cpuSeconds()) / answer.seconds(),
                serversUsed.cpuSeconds() * 100_000 / answer.operations(),
                clientUsed.cpuSeconds() * 100_000 / answer.operations(),
                serversUsed.writtenBytes() / answer.operations());
    }

    private static Usage usage(ClusterView view) {
        return view.groups().stream()
                .flatMap(group -> group.members().stream())
                .map(member -> Usage.of(member.pid()))
                .reduce(Usage::plus)
                .orElseThrow();
    }
}
