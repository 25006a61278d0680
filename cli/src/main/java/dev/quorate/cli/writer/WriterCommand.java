package dev.quorate.cli.writer;

import dev.quorate.cli.process.Termination;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redis.clients.jedis.HostAndPort;

/** {@code quorate writer}: writes until the time is over or a SIGTERM comes, verifies, prints one line of JSON, exits 0 when all was right (143 after a SIGTERM: then read the line). */
@Command(
        name = "writer",
        description = "Writes steadily, then verifies that every acknowledged write is there.",
        mixinStandardHelpOptions = true)
public final class WriterCommand implements Callable<Integer> {
    private static final Duration VERIFICATION_MAX = Duration.ofSeconds(60);
    private static final Duration REPORT_EVERY = Duration.ofSeconds(1);

    @Option(
            names = "--redis",
            required = true,
            split = ",",
            description = "Members to start from, host:port[,host:port...].")
    private List<String> seeds;

    @Option(names = "--prefix", defaultValue = "writer", description = "Prefix of the keys (${DEFAULT-VALUE}).")
    private String prefix;

    @Option(names = "--threads", defaultValue = "4", description = "Writers at a time (${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--keys", defaultValue = "500", description = "Keys of each thread (${DEFAULT-VALUE}).")
    private int keys;

    @Option(names = "--value-size", defaultValue = "256", description = "Bytes of a value (${DEFAULT-VALUE}).")
    private int valueSizeBytes;

    @Option(
            names = "--pause-millis",
            defaultValue = "10",
            description = "Pause of a thread between operations (${DEFAULT-VALUE}).")
    private int pauseMillis;

    @Option(names = "--seconds", defaultValue = "0", description = "How long to write; 0: until SIGTERM.")
    private long seconds;

    @Override
    public Integer call() throws InterruptedException {
        Set<HostAndPort> addresses = new LinkedHashSet<>();
        seeds.forEach(seed -> addresses.add(HostAndPort.from(seed)));
        try (Termination termination = Termination.expected(VERIFICATION_MAX);
                VerifiedWriter writer = new VerifiedWriter(
                        new VerifiedWriter.Settings(addresses, prefix, threads, keys, valueSizeBytes, pauseMillis))) {
            writer.start();
            System.out.println("WRITING");
            report(writer, termination);
            Verdict verdict = writer.stopAndVerify();
            System.out.println(verdict.toJson());
            return verdict.clean() ? 0 : 1;
        }
    }

    private void report(VerifiedWriter writer, Termination termination) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!termination.await(REPORT_EVERY) && (seconds == 0 || System.nanoTime() < endNanos)) {
            System.out.println("acknowledged=" + writer.acknowledged() + " failed=" + writer.failed());
        }
    }
}
