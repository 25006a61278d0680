package dev.quorate.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Effect;
import dev.quorate.client.QuorateException;
import dev.quorate.client.Slots;
import dev.quorate.history.History;
import dev.quorate.history.Invocation;
import dev.quorate.history.Limits;
import dev.quorate.history.Linearizability;
import dev.quorate.history.Operation;
import dev.quorate.history.Outcome;
import dev.quorate.history.RandomOperations;
import dev.quorate.history.Recorder;
import dev.quorate.history.Result;
import dev.quorate.server.data.RequestException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that do random things to the same few keys, a register and a counter in each shard, and the history of what they did. In the end every key is read
 * once more, and the history must be linearizable: so every acknowledged write is there, none took effect twice, no answer was stale.
 */
final class RecordedClients {
    private static final int OPERATIONS_MAX = 1_000_000;
    /** So that a long run's history stays below its limit, and a core is left for the nodes. */
    private static final int PAUSE_NANOS_MAX = 2_000_000;

    private final String test;
    private final List<String> registers = new ArrayList<>();
    private final List<String> counters = new ArrayList<>();
    private final Recorder recorder = new Recorder(OPERATIONS_MAX);
    private final List<Client> clients = new ArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;

    /** @param test names the history's file */
    RecordedClients(String test, int shards) {
        this.test = test;
        for (int shard = 0; shard < shards; shard++) {
            registers.add(keyIn(shard, shards, "register"));
            counters.add(keyIn(shard, shards, "counter"));
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
    void start(String name, RecordedStore store) {
        Client client = new Client(name, store);
        clients.add(client);
        client.thread.start();
    }

    private final class Client {
        private final String name;
        private final RecordedStore store;
        private final Random random;
        private final Thread thread = Thread.ofVirtual().unstarted(this::run);
        private final RandomOperations operations;
        private final AtomicLong completed = new AtomicLong();

        private Client(String name, RecordedStore store) {
            this.name = name;
            this.store = store;
            this.random = new Random(name.hashCode());
            this.operations = new RandomOperations(name, registers, counters, random);
        }

        private void run() {
            try {
                while (!stopped) {
                    perform(operations.next());
                    LockSupport.parkNanos(random.nextInt(PAUSE_NANOS_MAX));
                }
            } catch (Throwable e) {
                failures.add(e);
            }
        }

        private void perform(Operation operation) {
            Recorder.Call call = recorder.call(name, operation);
            try {
                Result result = store.perform(operation);
                call.ok(result);
                completed.incrementAndGet();
                operations.answered(operation, result);
            } catch (RequestException e) {
                answer(call, e.error().getEffect());
            } catch (QuorateException e) {
                answer(call, e.effect());
            }
        }

        private static void answer(Recorder.Call call, Effect effect) {
            if (effect == Effect.NOT_APPLIED) {
                call.failed();
            } else {
                call.unknown();
            }
        }
    }

    /** Every client has had some more answers, or one has failed. */
    void awaitProgress() {
        Map<Client, Long> before = new HashMap<>();
        clients.forEach(client -> before.put(client, client.completed.get()));
        TestGroup.await(
                "every client to go on",
                () -> !failures.isEmpty()
                        || clients.stream().allMatch(client -> client.completed.get() > before.get(client) + 2));
    }

    void stop() throws InterruptedException {
        stopped = true;
        for (Client client : clients) {
            client.thread.join();
        }
    }

    /**
     * Stops the clients, reads every key, and checks the history.
     *
     * @param allowed what may have become of an operation
     */
    void verify(RecordedStore reader, Outcome... allowed) throws InterruptedException, IOException {
        stop();
        assertThat(failures).isEmpty();
        Client last = new Client("reader", reader);
        registers.forEach(key -> last.perform(new Operation.Get(key)));
        counters.forEach(key -> last.perform(new Operation.Get(key)));
        assertThat(last.completed.get()).as("keys read in the end").isEqualTo(registers.size() + counters.size());

        History history = recorder.history();
        history.exportAs(test);
        Map<Outcome, Long> outcomes =
                history.invocations().stream().collect(groupingBy(Invocation::outcome, counting()));
        System.out.println(test + ": " + history.size() + " operations, " + outcomes);
        assertThat(outcomes.keySet()).as(outcomes.toString()).isSubsetOf(allowed);
        Linearizability.check(history, Limits.DEFAULT).orThrow();
    }
}
