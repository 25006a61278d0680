package dev.quorate.bench;

import dev.quorate.bench.contender.Checkout;
import dev.quorate.bench.contender.Quorate;
import dev.quorate.client.KvClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;

/** A measurement of one thing on a fresh cluster of Quorate: three processes, shipped settings. Prints one line of JSON. */
abstract class SpecialCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Override
    public final Integer call() throws Exception {
        Checkout checkout = Checkout.here();
        try (WorkDirectory directory = WorkDirectory.create(checkout.work())) {
            Quorate.Running cluster = Quorate.byJavaClient(checkout).launch(directory.path());
            try {
                System.out.println(measure(cluster));
            } finally {
                cluster.cluster().close();
            }
        }
        return 0;
    }

    /** Returns the line of JSON. */
    abstract String measure(Quorate.Running cluster) throws Exception;

    static KvClient client(Quorate.Running cluster) {
        return new KvClient(cluster.grpcAddresses(), TIMEOUT);
    }

    static byte[] key(int number) {
        return "key-%012d".formatted(number).getBytes(StandardCharsets.US_ASCII);
    }

    static double millisSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e6;
    }
}
