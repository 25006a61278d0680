package dev.quorate.mapreduce.table;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A store in memory, which remembers every value of every key, and may be away. */
public final class MemoryStore implements Store {
    private final TreeMap<String, Value> values = new TreeMap<>();
    private final Map<String, List<String>> history = new TreeMap<>();
    private long versions;
    private boolean away;
    private boolean forgetful;
    private String refused;

    /** Makes every call fail, before it takes effect. */
    public synchronized void away(boolean nowAway) {
        away = nowAway;
    }

    /** Makes the next write fail after it took effect. */
    public synchronized void loseAnAnswer() {
        forgetful = true;
    }

    /** Makes every write of keys that end so fail, before it takes effect; null for none. */
    public synchronized void refuse(String keysThatEndSo) {
        refused = keysThatEndSo;
    }

    private void check() throws IOException {
        if (away) {
            throw new IOException("the store is away");
        }
    }

    /** All values that a key had, in text. */
    public synchronized List<String> history(String key) {
        return List.copyOf(history.getOrDefault(key, List.of()));
    }

    @Override
    public synchronized Optional<Value> get(String key) throws IOException {
        check();
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public synchronized Optional<Long> compareAndSet(String key, long expectedVersion, byte[] value)
            throws IOException {
        check();
        if (refused != null && key.endsWith(refused)) {
            throw new IOException("the store does not take " + key);
        }
        Value now = values.get(key);
        if ((now == null ? 0 : now.version()) != expectedVersion) {
            return Optional.empty();
        }
        values.put(key, new Value(value, ++versions));
        history.computeIfAbsent(key, ignored -> new ArrayList<>()).add(new String(value, StandardCharsets.UTF_8));
        if (forgetful) {
            forgetful = false;
            throw new IOException("the answer was lost");
        }
        return Optional.of(versions);
    }

    @Override
    public synchronized List<Entry> scan(String prefix) throws IOException {
        check();
        return values.tailMap(prefix).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .map(entry -> new Entry(entry.getKey(), entry.getValue()))
                .toList();
    }

    @Override
    public synchronized void delete(String key) throws IOException {
        check();
        values.remove(key);
    }
}
