package dev.quorate.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quorate.api.Effect;
import dev.quorate.client.KvClient;
import dev.quorate.client.QuorateException;
import dev.quorate.client.Slots;
import java.util.ArrayList;
import java.util.List;

/**
 * In each shard puts ever larger numbers to a key of its own and increments a counter of its own, one after the other, and knows between which bounds each
 * must be: what was acknowledged is there, once, and nothing is but what was tried.
 */
final class BoundedWriter {
    /** A key and the bounds of what it holds. */
    private static final class Cell {
        private final byte[] key;
        private long acknowledged;
        private long possible;

        private Cell(byte[] key) {
            this.key = key;
        }

        private void assertHolds(long value) {
            assertThat(value).as(new String(key, UTF_8)).isBetween(acknowledged, possible);
        }
    }

    private final KvClient client;
    private final List<Cell> registers = new ArrayList<>();
    private final List<Cell> counters = new ArrayList<>();
    private final Thread thread = Thread.ofVirtual().unstarted(this::run);
    private long next = 1;
    private long acknowledged;
    private long uncertain;
    private volatile boolean stopped;
    private volatile Throwable failure;

    private BoundedWriter(KvClient client, int number, int shards) {
        this.client = client;
        for (int shard = 0; shard < shards; shard++) {
            registers.add(new Cell(keyIn(shard, shards, "register-" + number)));
            counters.add(new Cell(keyIn(shard, shards, "counter-" + number)));
        }
    }

    static BoundedWriter start(KvClient client, int number, int shards) {
        BoundedWriter writer = new BoundedWriter(client, number, shards);
        writer.thread.start();
        return writer;
    }

    private static byte[] keyIn(int shard, int shards, String prefix) {
        for (int i = 0; ; i++) {
            byte[] key = (prefix + "-" + i).getBytes(UTF_8);
            if (Slots.shardOf(key, shards) == shard) {
                return key;
            }
        }
    }

    private void run() {
        try {
            for (int shard = 0; !stopped; shard = (shard + 1) % counters.size()) {
                put(registers.get(shard), next++);
                increment(counters.get(shard));
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    private void put(Cell cell, long number) {
        try {
            client.put(cell.key, Long.toString(number).getBytes(UTF_8));
            cell.acknowledged = number;
            cell.possible = number;
            acknowledged++;
        } catch (QuorateException e) {
            failed(e, cell, number);
        }
    }

    private void increment(Cell cell) {
        try {
            long sum = client.increment(cell.key, 1);
            cell.acknowledged++;
            cell.possible++;
            cell.assertHolds(sum);
            acknowledged++;
        } catch (QuorateException e) {
            failed(e, cell, cell.possible + 1);
        }
    }

    private void failed(QuorateException e, Cell cell, long possible) {
        if (e.effect() != Effect.NOT_APPLIED) {
            cell.possible = possible;
            uncertain++;
        }
    }

    void stop() throws InterruptedException {
        stopped = true;
        thread.join();
    }

    /** After {@link #stop}. */
    void verify(KvClient reader) {
        assertThat(failure).isNull();
        assertThat(acknowledged).isPositive();
        registers.forEach(cell -> cell.assertHolds(read(reader, cell.key)));
        counters.forEach(cell -> cell.assertHolds(read(reader, cell.key)));
    }

    private static long read(KvClient reader, byte[] key) {
        return reader.get(key)
                .map(value -> Long.parseLong(new String(value.bytes(), UTF_8)))
                .orElse(0L);
    }

    @Override
    public String toString() {
        return acknowledged + " acknowledged, " + uncertain + " uncertain";
    }
}
