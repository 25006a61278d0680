package dev.quorate.cli.writer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Writes and reads until it is stopped, then verifies every acknowledged write. A thread owns its keys and writes ever larger numbers to
 * them, so a key is right when it holds at least the last number acknowledged and at most the last one tried.
 */
public final class VerifiedWriter implements AutoCloseable {
    private static final int FAILURES_KEPT = 20;

    /**
     * @param seeds members to start from
     * @param prefix of every key, so that writers can run side by side
     * @param threads writers at a time
     * @param keysPerThread keys each of them goes around
     * @param valueSizeBytes size of a value, at least 20
     * @param pauseMillis between two operations of a thread
     */
    public record Settings(
            Set<HostAndPort> seeds,
            String prefix,
            int threads,
            int keysPerThread,
            int valueSizeBytes,
            int pauseMillis) {}

    private final Settings settings;
    private final RedisClusterClient jedis;
    private final List<Thread> threads = new ArrayList<>();
    private final List<long[]> acknowledgedByThread = new ArrayList<>();
    private final List<long[]> triedByThread = new ArrayList<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong stale = new AtomicLong();
    private final AtomicLong longestMillis = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    public VerifiedWriter(Settings settings) {
        this.settings = settings;
        this.jedis = RedisClusterClient.create(settings.seeds());
        for (int i = 0; i < settings.threads(); i++) {
            int thread = i;
            acknowledgedByThread.add(new long[settings.keysPerThread()]);
            triedByThread.add(new long[settings.keysPerThread()]);
            threads.add(Thread.ofPlatform().daemon().name("writer-" + i).unstarted(() -> write(thread)));
        }
    }

    public void start() {
        threads.forEach(Thread::start);
    }

    public long acknowledged() {
        return acknowledged.get();
    }

    public long failed() {
        return failed.get();
    }

    /** Stops writing, reads everything back and says what it found. */
    public Verdict stopAndVerify() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.join();
        }
        long lost = 0;
        for (int thread = 0; thread < settings.threads(); thread++) {
            for (int key = 0; key < settings.keysPerThread(); key++) {
                if (triedByThread.get(thread)[key] > 0 && !isRight(thread, key)) {
                    lost++;
                }
            }
        }
        return new Verdict(
                acknowledged.get(),
                reads.get(),
                failed.get(),
                lost,
                stale.get(),
                longestMillis.get(),
                List.copyOf(failures));
    }

    @Override
    public void close() {
        stopping = true;
        jedis.close();
    }

    private void write(int thread) {
        long[] mine = acknowledgedByThread.get(thread);
        long[] tried = triedByThread.get(thread);
        for (long number = 1; !stopping; number++) {
            int key = (int) (number % mine.length);
            String name = name(thread, key);
            long value = number;
            tried[key] = value;
            if (attempt("SET " + name, () -> jedis.set(name, pad(value)))) {
                mine[key] = value;
                acknowledged.incrementAndGet();
            }
            if (number % 4 == 0) {
                check(thread, (int) (number / 4 * 7 % mine.length));
            }
            pause();
        }
    }

    private void check(int thread, int key) {
        long least = acknowledgedByThread.get(thread)[key];
        String name = name(thread, key);
        attempt("GET " + name, () -> {
            long found = number(jedis.get(name));
            reads.incrementAndGet();
            if (found < least) {
                stale.incrementAndGet();
                note(name + " read " + found + " after " + least + " was acknowledged");
            }
        });
    }

    private boolean attempt(String what, Runnable operation) {
        long start = System.nanoTime();
        try {
            operation.run();
            return true;
        } catch (JedisException e) {
            failed.incrementAndGet();
            note(what + ": " + e);
            return false;
        } finally {
            longestMillis.accumulateAndGet((System.nanoTime() - start) / 1_000_000, Math::max);
        }
    }

    private boolean isRight(int thread, int key) {
        String name = name(thread, key);
        long least = acknowledgedByThread.get(thread)[key];
        long found = number(jedis.get(name));
        if (found >= least && found <= triedByThread.get(thread)[key]) {
            return true;
        }
        note(name + " holds " + found + " where " + least + " was acknowledged");
        return false;
    }

    private String name(int thread, int key) {
        return settings.prefix() + ":" + thread + ":" + key;
    }

    private String pad(long number) {
        String digits = Long.toString(number);
        return digits + " ".repeat(Math.max(0, settings.valueSizeBytes() - digits.length()));
    }

    private static long number(String value) {
        return value == null ? 0 : Long.parseLong(value.strip());
    }

    private void note(String failure) {
        if (failures.size() < FAILURES_KEPT) {
            failures.add(failure);
        }
    }

    private void pause() {
        if (settings.pauseMillis() > 0) {
            try {
                Thread.sleep(settings.pauseMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                stopping = true;
            }
        }
    }
}
