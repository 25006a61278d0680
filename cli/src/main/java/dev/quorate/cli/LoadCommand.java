package dev.quorate.cli;

import dev.quorate.cli.nemesis.RemoteLoad;
import dev.quorate.cli.nemesis.Violation;
import dev.quorate.cli.output.UserError;
import dev.quorate.cli.process.Termination;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quorate load}: until a SIGTERM comes; then it verifies, prints one line of JSON and exits 0 when all was right (143 after a SIGTERM: then read the line). */
@Command(
        name = "load",
        description = {
            "Clients of both kinds read and write the same keys of a cluster until SIGTERM; then all that was promised is verified:",
            "no acknowledged write lost or doubled, histories linearizable, replicas equal, one home for each shard.",
            "For a cluster that suffers faults meanwhile; they should be over by the SIGTERM."
        },
        mixinStandardHelpOptions = true)
final class LoadCommand implements Callable<Integer> {
    private static final Duration VERIFICATION_MAX = Duration.ofMinutes(10);
    private static final Duration REPORT_EVERY = Duration.ofSeconds(1);

    @ArgGroup(exclusive = false, multiplicity = "1")
    private AdminAddresses cluster;

    @Option(
            names = "--prefix",
            defaultValue = "load",
            description = "Prefix of the keys, which nobody used before (${DEFAULT-VALUE}).")
    private String prefix;

    @Option(names = "--seed", paramLabel = "S", description = "Of what the clients do.")
    private Long seed;

    @Option(
            names = "--history",
            paramLabel = "FILE",
            defaultValue = "history.jsonl",
            description = "Where a history that is not right is kept (${DEFAULT-VALUE}).")
    private Path history;

    @Override
    public Integer call() throws IOException, InterruptedException {
        String token = cluster.token();
        long first = seed == null ? new Random().nextInt(Integer.MAX_VALUE) : seed;
        try (Termination termination = Termination.expected(VERIFICATION_MAX)) {
            return run(termination, token, first);
        }
    }

    /** Says what it found before the process may end. */
    private int run(Termination termination, String token, long first) throws IOException, InterruptedException {
        try (RemoteLoad load = new RemoteLoad(cluster.addresses(), token, prefix, first, history)) {
            load.start();
            while (!termination.await(REPORT_EVERY)) {
                System.out.println("completed=" + load.completed());
            }
            System.out.println(load.verify().toJson());
            return 0;
        } catch (Violation e) {
            System.out.println("violation: " + e.getMessage());
            return UserError.FAILED;
        }
    }
}
