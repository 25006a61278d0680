package dev.quorate.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Callers, each on a virtual thread, against one target. */
final class ClosedLoop {
    private static final int RANDOM_BYTES = 1 << 20;
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(2);

    private final Target target;
    private final byte[] random = new byte[RANDOM_BYTES];
    private int keys;
    private int valueBytes;

    ClosedLoop(Target target) {
        this.target = target;
        new Random().nextBytes(random);
    }

    /** What a run came to; latencies in microseconds. */
    record Result(long failures, long nanos, Histogram latencies) {}

    private interface Work {
        void on(Target.Connection connection) throws Exception;
    }

    /** Writes every key once, and goes on with reads and writes until the time is over. */
    void load(int keys, int valueBytes, int callers, long atLeastMillis) {
        this.keys = keys;
        this.valueBytes = valueBytes;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(atLeastMillis);
        AtomicLong next = new AtomicLong();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            inParallel(threads, callers, connection -> {
                long i = next.getAndIncrement();
                while (i < keys || System.nanoTime() < end) {
                    byte[] key = key((int) (i % keys));
                    if (i < keys || i % 2 == 0) {
                        connection.write(key, value());
                    } else {
                        connection.read(key);
                    }
                    i = next.getAndIncrement();
                }
            });
        }
    }

    /**
     * One measurement.
     *
     * @param perSecond operations of all callers together, evenly spread, as far as these keep up; 0: as many as they can
     * @param measuring runs when the warm-up is over
     */
    Result run(boolean write, int callers, int perSecond, long warmUpMillis, long millis, Runnable measuring)
            throws InterruptedException {
        Recorder latencies = new Recorder(LONGEST_MICROS, 3);
        AtomicLong failures = new AtomicLong();
        Flag stopped = new Flag();
        Pace pace = new Pace(perSecond);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            inParallel(threads, callers, connection -> {
                while (!stopped.set) {
                    byte[] key = key(ThreadLocalRandom.current().nextInt(keys));
                    pace.await();
                    long start = System.nanoTime();
                    try {
                        if (write) {
                            connection.write(key, value());
                        } else {
                            connection.read(key);
                        }
                    } catch (Exception e) {
                        report(e, failures.getAndIncrement());
                        continue;
                    }
                    latencies.recordValue(Math.min(LONGEST_MICROS, (System.nanoTime() - start) / 1000));
                }
            });
            Thread.sleep(warmUpMillis);
            measuring.run();
            latencies.getIntervalHistogram();
            failures.set(0);
            long start = System.nanoTime();
            Thread.sleep(millis);
            Histogram measured = latencies.getIntervalHistogram();
            long nanos = System.nanoTime() - start;
            stopped.set = true;
            return new Result(failures.get(), nanos, measured);
        }
    }

    /** When operations may begin. Nobody catches up on what was missed. */
    private static final class Pace {
        private final long everyNanos;
        private long nextNanos = System.nanoTime();

        Pace(int perSecond) {
            everyNanos = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
        }

        void await() throws InterruptedException {
            if (everyNanos > 0) {
                TimeUnit.NANOSECONDS.sleep(claim());
            }
        }

        private synchronized long claim() {
            long now = System.nanoTime();
            nextNanos = Math.max(nextNanos + everyNanos, now);
            return nextNanos - now;
        }
    }

    private static final class Flag {
        private volatile boolean set;
    }

    private static void report(Exception failure, long earlier) {
        if (earlier < 3) {
            System.err.println("load: " + failure);
        }
    }

    private void inParallel(ExecutorService threads, int callers, Work work) {
        for (int caller = 0; caller < callers; caller++) {
            threads.execute(() -> {
                try (Target.Connection connection = target.connect()) {
                    work.on(connection);
                } catch (Exception e) {
                    System.err.println("load: " + e);
                    Runtime.getRuntime().halt(1);
                }
            });
        }
    }

    /** 16 bytes. */
    private static byte[] key(int number) {
        byte[] key = "key-000000000000".getBytes(StandardCharsets.US_ASCII);
        for (int at = key.length - 1; number > 0; at--, number /= 10) {
            key[at] = (byte) ('0' + number % 10);
        }
        return key;
    }

    private byte[] value() {
        int from = ThreadLocalRandom.current().nextInt(RANDOM_BYTES - valueBytes);
        return Arrays.copyOfRange(random, from, from + valueBytes);
    }
}
