package dev.quorate.bench;

import dev.quorate.bench.contender.Quorate;
import dev.quorate.client.AdminClient;
import dev.quorate.client.KvClient;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The longest time without an answered write around a hand-over of leadership on request, with callers that write without pause. */
@Command(
        description = "Hands leadership over on request: the longest gap between writes.",
        mixinStandardHelpOptions = true)
final class TransferCommand extends SpecialCommand {
    private static final int VALUE_BYTES = 256;
    private static final int KEYS = 1000;
    private static final long AROUND_MILLIS = 500;
    private static final long WARM_UP_MILLIS = 10_000;

    @Option(names = "--transfers", description = "How often (50).")
    int transfers = 50;

    @Option(names = "--callers", description = "Callers that write (8).")
    int callers = 8;

    private final AtomicLong lastAnswerNanos = new AtomicLong();
    private final AtomicLong longestGapNanos = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean stopped;

    @Override
    String measure(Quorate.Running cluster) throws Exception {
        Histogram gaps = new Histogram(3);
        try (KvClient client = client(cluster);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            lastAnswerNanos.set(System.nanoTime());
            for (int caller = 0; caller < callers; caller++) {
                threads.execute(() -> write(client));
            }
            Thread.sleep(WARM_UP_MILLIS);
            for (int transfer = 0; transfer < transfers; transfer++) {
                longestGapNanos.set(0);
                try (AdminClient leader = cluster.admin(cluster.leader())) {
                    leader.transferLeadership("");
                }
                Thread.sleep(AROUND_MILLIS);
                gaps.recordValue(longestGapNanos.get() / 1000);
            }
            stopped = true;
        }
        return String.format(
                Locale.ROOT,
                "{\"transfers\":%d,\"failed_writes\":%d,\"longest_gap_ms\":{\"min\":%.1f,\"p50\":%.1f,\"p99\":%.1f,\"max\":%.1f}}",
                transfers,
                failures.get(),
                gaps.getMinValue() / 1000.0,
                gaps.getValueAtPercentile(50) / 1000.0,
                gaps.getValueAtPercentile(99) / 1000.0,
                gaps.getMaxValue() / 1000.0);
    }

    private void write(KvClient client) {
        while (!stopped) {
            try {
                client.put(key(ThreadLocalRandom.current().nextInt(KEYS)), new byte[VALUE_BYTES]);
                long now = System.nanoTime();
                long gap = now - lastAnswerNanos.getAndSet(now);
                longestGapNanos.accumulateAndGet(gap, Math::max);
            } catch (RuntimeException e) {
                failures.incrementAndGet();
            }
        }
    }
}
