package dev.quorate.store;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The runs of the imports that are under way: what they hold the rows do not have yet. For who changes the state exclusively. */
final class ImportRuns implements AutoCloseable {
    private final Rows rows;
    private final Map<Integer, Rows.Run> open = new HashMap<>();

    /** By shard, up to which index all has to be durable before it has a run again. */
    private final Map<Integer, Long> barred = new HashMap<>();

    ImportRuns(Rows rows) {
        this.rows = rows;
    }

    void barUntilDurable(int shard, long index) {
        barred.put(shard, index);
    }

    boolean mayBegin(int shard, LongSupplier durableIndex) {
        Long index = barred.get(shard);
        if (index != null && durableIndex.getAsLong() >= index) {
            barred.remove(shard);
        }
        return !barred.containsKey(shard);
    }

    /** A shard's, which goes on until it is ended. */
    Rows.Run of(int shard) {
        return open.computeIfAbsent(shard, _ -> rows.newRun());
    }

    /** The rows have what this shard's run held. */
    void end(int shard) {
        Rows.Run run = open.remove(shard);
        if (run != null) {
            run.end();
        }
    }

    void endAll() {
        Map.copyOf(open).keySet().forEach(this::end);
    }

    /** Forgets what they hold. */
    @Override
    public void close() {
        open.values().forEach(Rows.Run::close);
        open.clear();
    }
}
