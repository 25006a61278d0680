package dev.quorate.server.requests;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.server.data.KeyValueStore;
import dev.quorate.server.data.KeyValueStore.Page;
import dev.quorate.server.data.RequestException;
import dev.quorate.store.DueKey;
import dev.quorate.store.StoreView;
import dev.quorate.store.Versioned;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads keys and pages of a shard from a view, within bounds. */
final class ShardReader {
    /** Of the values in one answer: a page ends there, a read of several keys is refused. */
    private static final int MAX_ANSWER_BYTES = 16 << 20;
    /** Values that are read at a time, so that an answer never goes far beyond its bound. */
    private static final int KEYS_AT_A_TIME = 32;

    private ShardReader() {}

    /** @param due keys that should have expired by now, but not by the shard's clock, which moves only by commands */
    record Answer<T>(T result, List<DueKey> due) {}

    static Answer<List<Versioned>> keys(StoreView view, int shard, List<byte[]> keys, long nowMillis) {
        List<Versioned> values = new ArrayList<>(keys.size());
        long bytes = 0;
        for (int from = 0; from < keys.size(); from += KEYS_AT_A_TIME) {
            List<byte[]> some = keys.subList(from, Math.min(keys.size(), from + KEYS_AT_A_TIME));
            for (Versioned value : values(view, shard, some)) {
                values.add(value);
                bytes += value == null ? 0 : value.value().length;
            }
            if (bytes > MAX_ANSWER_BYTES) {
                throw RequestException.of(
                        Error.Code.INVALID,
                        Effect.NOT_APPLIED,
                        "the values are more than " + MAX_ANSWER_BYTES
                                + " bytes together: ask for fewer keys at a time");
            }
        }
        List<DueKey> due = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            addIfDue(due, keys.get(i), values.get(i), nowMillis);
        }
        return new Answer<>(values, due);
    }

    private static List<Versioned> values(StoreView view, int shard, List<byte[]> keys) {
        return keys.size() == 1
                ? Collections.singletonList(view.get(shard, keys.getFirst()))
                : view.multiGet(shard, keys);
    }

    static Answer<Page> page(StoreView view, int shard, byte[] prefix, byte[] after, int limit, long nowMillis) {
        List<KeyValueStore.Item> page = new ArrayList<>();
        List<DueKey> due = new ArrayList<>();
        long bytes = 0;
        byte[] last = after;
        boolean more = true;
        while (more && page.size() < limit && bytes < MAX_ANSWER_BYTES) {
            int wanted = Math.min(KEYS_AT_A_TIME, limit - page.size());
            var items = view.scan(shard, prefix, last, wanted + 1);
            more = items.size() > wanted;
            for (var item : items.subList(0, Math.min(wanted, items.size()))) {
                page.add(new KeyValueStore.Item(item.key(), item.value()));
                addIfDue(due, item.key(), item.value(), nowMillis);
                bytes += item.key().length + item.value().value().length;
                last = item.key();
            }
        }
        return new Answer<>(new Page(List.copyOf(page), more), due);
    }

    private static void addIfDue(List<DueKey> due, byte[] key, Versioned value, long nowMillis) {
        if (value != null && value.deadlineMillis() != 0 && value.deadlineMillis() <= nowMillis) {
            due.add(new DueKey(key, value.version(), value.deadlineMillis()));
        }
    }
}
