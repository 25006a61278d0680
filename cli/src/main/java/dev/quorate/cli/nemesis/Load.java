package dev.quorate.cli.nemesis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quorate.client.Slots;
import dev.quorate.history.History;
import dev.quorate.history.Operation;
import dev.quorate.history.RandomOperations;
import dev.quorate.history.Recorder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Clients of both kinds that do random things to the same few keys, a register and a counter in each shard or in some of many, and the history of what they did. A copy of a
 * command that a client's library sent may take effect as well: the history holds it as an operation of its own whose outcome is unknown.
 */
final class Load {
    private static final int OPERATIONS_MAX = 2_000_000;
    /** So that a history stays below its limit, and a core is left for the members. */
    private static final int PAUSE_NANOS_MAX = 8_000_000;

    private static final int ENOUGH = 5;

    /** With keys in more of them, clients would meet too seldom. */
    private static final int SHARDS_MAX = 32;

    private final List<String> registers = new ArrayList<>();
    private final List<String> counters = new ArrayList<>();
    private final Recorder recorder = new Recorder(OPERATIONS_MAX);
    private final List<Client> clients = new ArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final long seed;
    private volatile boolean stopped;

    /** @param prefix of the keys, which nobody used before */
    Load(String prefix, int shards, long seed) {
        this.seed = seed;
        int step = Math.max(1, shards / SHARDS_MAX);
        for (int shard = 0; shard < shards; shard += step) {
            registers.add(keyIn(shard, shards, prefix + "-register"));
            counters.add(keyIn(shard, shards, prefix + "-counter"));
        }
    }

    private static String keyIn(int shard, int shards, String prefix) {
        for (int i = 0; ; i++) {
            String key = prefix + "-" + i;
            if (Slots.shardOf(key.getBytes(UTF_8), shards) == shard) {
                return key;
            }
        }
    }

    /** One more client, on a thread of its own. */
    void start(String name, Store store, Census census) {
        Client client = new Client(name, store, census);
        clients.add(client);
        client.thread.start();
    }

    private final class Client {
        private final String name;
        private final Store store;
        private final Census census;
        private final Random random;
        private final Thread thread;
        private final RandomOperations operations;
        private final AtomicLong completed = new AtomicLong();

        private Client(String name, Store store, Census census) {
            this.name = name;
            this.store = store;
            this.census = census;
            this.random = new Random(seed + name.hashCode());
            this.operations = new RandomOperations(name, registers, counters, random);
            this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
        }

        private void run() {
            try {
                while (!stopped) {
                    perform(operations.next());
                    LockSupport.parkNanos(random.nextInt(PAUSE_NANOS_MAX));
                }
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }

        private void perform(Operation operation) {
            Recorder.Call call = recorder.call(name, operation);
            long startNanos = System.nanoTime();
            Answer answer = store.perform(operation);
            census.count(operation, answer, System.nanoTime() - startNanos);
            call.sentAgain(answer.copies());
            switch (answer.outcome()) {
                case OK -> {
                    call.ok(answer.result());
                    completed.incrementAndGet();
                    operations.answered(operation, answer.result());
                }
                case FAILED -> call.failed();
                case UNKNOWN -> call.unknown();
            }
        }
    }

    long completed() {
        return clients.stream().mapToLong(client -> client.completed.get()).sum();
    }

    /** Every client has had some more answers. */
    void awaitProgress() throws InterruptedException {
        Map<String, Long> before = new HashMap<>();
        clients.forEach(client -> before.put(client.name, client.completed.get()));
        Await.until(
                "progress of every client",
                () -> !failures.isEmpty()
                        || clients.stream()
                                .allMatch(client -> client.completed.get() > before.get(client.name) + ENOUGH),
                () -> clients.stream()
                        .collect(Collectors.toMap(client -> client.name, client -> client.completed.get()))
                        .toString());
    }

    void stop() throws InterruptedException {
        stopped = true;
        for (Client client : clients) {
            client.thread.join();
        }
    }

    /**
     * Stops the clients and reads every key once more: so that an acknowledged write which is lost is seen.
     *
     * @return all that happened
     */
    History finish(Store reader, Census census) throws InterruptedException {
        stop();
        for (Throwable failure : failures) {
            throw new IllegalStateException("a client failed in a way that no client may", failure);
        }
        Client last = new Client("reader", reader, census);
        registers.forEach(key -> last.perform(new Operation.Get(key)));
        counters.forEach(key -> last.perform(new Operation.Get(key)));
        if (last.completed.get() != registers.size() + counters.size()) {
            throw new Violation(
                    "keys could not be read in the end: " + census.tally().troubles());
        }
        return recorder.history();
    }
}
