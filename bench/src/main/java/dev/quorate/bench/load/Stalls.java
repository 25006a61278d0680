package dev.quorate.bench.load;

import dev.quorate.client.KvClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** Callers that write one value after the other, and what each write took and when: to be asked afterwards about any stretch of time. */
public final class Stalls {
    private static final int KEYS = 20_000;

    private final List<Caller> callers = new ArrayList<>();
    private final AtomicLong failed = new AtomicLong();
    private volatile boolean stopped;

    private Stalls() {}

    public static Stalls start(KvClient client, int callers, int valueSizeBytes) {
        Stalls stalls = new Stalls();
        for (int i = 0; i < callers; i++) {
            stalls.callers.add(stalls.new Caller(client, i, valueSizeBytes));
        }
        stalls.callers.forEach(caller -> caller.thread.start());
        return stalls;
    }

    public void stop() throws InterruptedException {
        stopped = true;
        for (Caller caller : callers) {
            caller.thread.join();
        }
    }

    private final class Caller {
        final Thread thread = Thread.ofVirtual().unstarted(this::run);
        final KvClient client;
        final Random random;
        final byte[] value;
        long[] startNanos = new long[1024];
        long[] endNanos = new long[1024];
        int count;

        Caller(KvClient client, int number, int valueSizeBytes) {
            this.client = client;
            random = new Random(number);
            value = new byte[valueSizeBytes];
        }

        void run() {
            while (!stopped) {
                random.nextBytes(value);
                byte[] key = ("write:" + random.nextInt(KEYS)).getBytes(StandardCharsets.UTF_8);
                long start = System.nanoTime();
                try {
                    client.put(key, value);
                } catch (RuntimeException e) {
                    failed.incrementAndGet();
                }
                note(start, System.nanoTime());
            }
        }

        void note(long start, long end) {
            if (count == startNanos.length) {
                startNanos = Arrays.copyOf(startNanos, 2 * count);
                endNanos = Arrays.copyOf(endNanos, 2 * count);
            }
            startNanos[count] = start;
            endNanos[count++] = end;
        }
    }

    /**
     * Writes that were under way at some time of a stretch; the rate counts those that ended in it.
     *
     * @param longestAt when the longest one began, to be looked up in the members' logs
     */
    public record Stretch(
            double perSecond,
            double p50Millis,
            double p99Millis,
            double p999Millis,
            double maxMillis,
            Instant longestAt,
            long failed) {
        public String toJson() {
            return String.format(
                    Locale.ROOT,
                    "{\"per_s\":%.0f,\"p50_ms\":%.1f,\"p99_ms\":%.1f,\"p99_9_ms\":%.1f,\"max_ms\":%.1f,\"longest_at\":\"%s\",\"failed\":%d}",
                    perSecond,
                    p50Millis,
                    p99Millis,
                    p999Millis,
                    maxMillis,
                    longestAt,
                    failed);
        }
    }

    /** After {@link #stop}. */
    public Stretch between(long fromNanos, long toNanos) {
        List<Write> writes = callers.stream()
                .flatMap(caller -> IntStream.range(0, caller.count)
                        .mapToObj(i -> new Write(caller.startNanos[i], caller.endNanos[i])))
                .filter(write -> write.endNanos >= fromNanos && write.startNanos <= toNanos)
                .sorted(Comparator.comparingLong(Write::tookNanos))
                .toList();
        long ended = writes.stream().filter(write -> write.endNanos <= toNanos).count();
        long longestNanos = writes.isEmpty() ? fromNanos : writes.getLast().startNanos;
        return new Stretch(
                ended * 1e9 / (toNanos - fromNanos),
                percentile(writes, 0.5),
                percentile(writes, 0.99),
                percentile(writes, 0.999),
                percentile(writes, 1),
                Instant.now().minusNanos(System.nanoTime() - longestNanos).truncatedTo(ChronoUnit.MILLIS),
                failed.get());
    }

    private static double percentile(List<Write> sorted, double share) {
        return sorted.isEmpty()
                ? 0
                : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share))
                                .tookNanos()
                        / 1e6;
    }

    private record Write(long startNanos, long endNanos) {
        long tookNanos() {
            return endNanos - startNanos;
        }
    }
}
