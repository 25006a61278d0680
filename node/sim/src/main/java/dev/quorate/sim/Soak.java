package dev.quorate.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Runs seeds, one after the other, on some threads, until a time is over or a seed fails. */
public final class Soak {
    private final long firstSeed;
    private final int threads;
    private final AtomicLong nextSeed;
    private final AtomicReference<Failure> failure = new AtomicReference<>();
    private final Census total = new Census();

    public Soak(long firstSeed, int threads) {
        this.firstSeed = firstSeed;
        this.threads = threads;
        this.nextSeed = new AtomicLong(firstSeed);
    }

    /**
     * What a soak came to.
     *
     * @param failure the first that was found, or null
     */
    public record Result(Census census, Failure failure, double seconds) {
        /** Simulated seconds of a cluster in a real one. */
        public double rate() {
            return census.simulatedMillis() / 1000.0 / seconds;
        }

        /** The one line that a soak ends with. */
        public String summary() {
            return "seeds=%d steps=%d simulated_s=%d violations=%d"
                    .formatted(census.runs(), census.steps(), census.simulatedMillis() / 1000, failure == null ? 0 : 1);
        }
    }

    /**
     * Runs one scenario.
     *
     * @param tracer gets a line for everything that happens, or null
     */
    public static Result once(Scenario scenario, Consumer<String> tracer) {
        long start = System.nanoTime();
        Census census = new Census();
        Failure failure = Failure.of(scenario, census, tracer);
        return new Result(census, failure, (System.nanoTime() - start) / 1e9);
    }

    /** Runs for a time; seeds that are under way then are finished. */
    public Result forNanos(long nanos) {
        long end = System.nanoTime() + nanos;
        return run(() -> System.nanoTime() < end ? nextSeed.getAndIncrement() : null);
    }

    /** Runs so many seeds. */
    public Result forSeeds(int count) {
        return run(() -> {
            long seed = nextSeed.getAndIncrement();
            return seed < firstSeed + count ? seed : null;
        });
    }

    private interface Seeds {
        /** Null when there are no more. */
        Long next();
    }

    private Result run(Seeds seeds) {
        long start = System.nanoTime();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().name("soak-" + i).daemon().start(() -> work(seeds)));
        }
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Result(total, failure.get(), (System.nanoTime() - start) / 1e9);
    }

    private void work(Seeds seeds) {
        for (Long seed = seeds.next(); seed != null && failure.get() == null; seed = seeds.next()) {
            Census census = new Census();
            Failure found = Failure.of(Scenario.draw(seed), census, null);
            if (found != null) {
                failure.compareAndSet(null, found);
            }
            synchronized (total) {
                total.add(census);
            }
        }
    }
}
