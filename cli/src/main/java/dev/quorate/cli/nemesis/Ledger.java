package dev.quorate.cli.nemesis;

import dev.quorate.history.Operation;
import dev.quorate.history.Outcome;
import dev.quorate.history.Result;
import java.util.concurrent.locks.LockSupport;

/**
 * One client that writes ever larger numbers to many keys of its own, so that shards have something to carry. A key is right when it holds at least the
 * last number acknowledged and at most the last one tried.
 */
final class Ledger {
    private static final int KEYS = 400;
    private static final int VALUE_BYTES = 4_096;
    private static final int READ_EVERY = 4;
    private static final int PAUSE_NANOS = 10_000_000;

    private final String name;
    private final Store store;
    private final Census census;
    private final long[] acknowledged = new long[KEYS];
    private final long[] tried = new long[KEYS];
    private long next = 1;
    private long written;
    private volatile boolean stopped;
    private volatile RuntimeException failure;
    private Thread thread;

    Ledger(String name, Store store, Census census) {
        this.name = name;
        this.store = store;
        this.census = census;
    }

    /** Goes on from where it was stopped. */
    void start() {
        stopped = false;
        thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    private void run() {
        try {
            while (!stopped) {
                write(next++);
                if (next % READ_EVERY == 0) {
                    check((int) (next * 7 % KEYS));
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void write(long number) {
        int key = (int) (number % KEYS);
        tried[key] = number;
        Answer answer = perform(new Operation.Put(name(key), padded(number)));
        if (answer.outcome() == Outcome.OK) {
            acknowledged[key] = number;
            written++;
        }
    }

    private Answer perform(Operation operation) {
        long startNanos = System.nanoTime();
        Answer answer = store.perform(operation);
        census.count(operation, answer, System.nanoTime() - startNanos);
        return answer;
    }

    private boolean check(int key) {
        Answer answer = perform(new Operation.Get(name(key)));
        if (answer.outcome() != Outcome.OK) {
            return false;
        }
        String value = ((Result.Read) answer.result()).value();
        long found = value == null ? 0 : Long.parseLong(value.strip());
        if (found < acknowledged[key] || found > tried[key]) {
            throw new Violation(name(key) + " holds " + found + ", where " + acknowledged[key]
                    + " was acknowledged last and " + tried[key] + " tried last");
        }
        return true;
    }

    private String name(int key) {
        return name + "-" + key;
    }

    private static String padded(long number) {
        return Long.toString(number) + " ".repeat(VALUE_BYTES);
    }

    void stop() throws InterruptedException {
        stopped = true;
        if (thread != null) {
            thread.join();
        }
    }

    /**
     * Stops, and reads every key.
     *
     * @return how many writes were acknowledged so far
     * @throws Violation when one of them is not there
     */
    long verify() throws InterruptedException {
        stop();
        if (failure != null) {
            throw failure;
        }
        for (int key = 0; key < KEYS; key++) {
            if (!check(key)) {
                throw new Violation(name(key) + " could not be read in the end: "
                        + census.tally().troubles());
            }
        }
        return written;
    }
}
