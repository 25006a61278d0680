package dev.quorate.mapreduce.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quorate.client.KvClient;
import dev.quorate.client.QuorateException;
import dev.quorate.client.Slots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Quorate cluster. */
public final class ClusterStore implements Store {
    private static final int PAGE = 500;

    private final KvClient client;

    /**
     * @param client the caller closes it
     */
    public ClusterStore(KvClient client) {
        this.client = client;
    }

    /** A call of the client. */
    @FunctionalInterface
    private interface Call<T> {
        T run();
    }

    private static <T> T call(Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (QuorateException e) {
            throw new IOException("the cluster that holds the job's state: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<Value> get(String key) throws IOException {
        return call(() -> client.get(key.getBytes(UTF_8)).map(value -> new Value(value.bytes(), value.version())));
    }

    @Override
    public Optional<Long> compareAndSet(String key, long expectedVersion, byte[] value) throws IOException {
        KvClient.Swap swap = call(() -> client.compareAndSet(key.getBytes(UTF_8), expectedVersion, value));
        return swap.applied() ? swap.current().map(KvClient.Value::version) : Optional.empty();
    }

    @Override
    public List<Entry> scan(String prefix) throws IOException {
        byte[] prefixBytes = prefix.getBytes(UTF_8);
        int shard = call(() -> Slots.shardOf(prefixBytes, client.shardCount()));
        List<Entry> entries = new ArrayList<>();
        byte[] after = {};
        KvClient.Page page;
        do {
            byte[] from = after;
            page = call(() -> client.scan(shard, prefixBytes, from, PAGE));
            for (KvClient.Entry entry : page.entries()) {
                entries.add(new Entry(new String(entry.key(), UTF_8), new Value(entry.value(), entry.version())));
                after = entry.key();
            }
        } while (page.more());
        return entries;
    }

    @Override
    public void delete(String key) throws IOException {
        call(() -> client.delete(key.getBytes(UTF_8)));
    }
}
