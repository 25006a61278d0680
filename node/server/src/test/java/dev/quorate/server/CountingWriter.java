package dev.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Effect;
import dev.quorate.server.data.RequestException;

/** Increments a counter of its own in each shard, one after the other, and knows between which bounds each must be. */
final class CountingWriter {
    private final TestClient client;
    private final int number;
    private final long[] acknowledged;
    /** Increments that failed with effect UNKNOWN. */
    private final long[] uncertain;

    private final Thread thread = Thread.ofVirtual().unstarted(this::run);
    private volatile boolean stopped;
    private volatile Throwable failure;

    private CountingWriter(TestClient client, int number, int shards) {
        this.client = client;
        this.number = number;
        this.acknowledged = new long[shards];
        this.uncertain = new long[shards];
    }

    static CountingWriter start(TestClient client, int number, int shards) {
        CountingWriter writer = new CountingWriter(client, number, shards);
        writer.thread.start();
        return writer;
    }

    private void run() {
        try {
            for (int shard = 0; !stopped; shard = (shard + 1) % acknowledged.length) {
                increment(shard);
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    private void increment(int shard) {
        try {
            long value = client.increment(shard, key(shard));
            acknowledged[shard]++;
            assertWithinBounds(shard, value);
        } catch (RequestException e) {
            // The node stopped while the write was under way. Anything else is a failed operation.
            assertThat(e.error().getEffect()).as(e.getMessage()).isEqualTo(Effect.UNKNOWN);
            uncertain[shard]++;
        }
    }

    private void assertWithinBounds(int shard, long value) {
        assertThat(value)
                .as("counter of writer %d in shard %d, %d uncertain", number, shard, uncertain[shard])
                .isBetween(acknowledged[shard], acknowledged[shard] + uncertain[shard]);
    }

    private String key(int shard) {
        return "counter-" + number + "-" + shard;
    }

    /** For faults that no client may notice. */
    void assertNothingFailed() {
        assertThat(uncertain).containsOnly(0);
    }

    long count() {
        long sum = 0;
        for (long count : acknowledged) {
            sum += count;
        }
        return sum;
    }

    void stop() throws InterruptedException {
        stopped = true;
        thread.join();
    }

    void verify(TestClient reader) {
        assertThat(failure).isNull();
        assertThat(count()).isPositive();
        for (int shard = 0; shard < acknowledged.length; shard++) {
            String value = reader.get(shard, key(shard));
            assertWithinBounds(shard, value == null ? 0 : Long.parseLong(value));
        }
    }
}
