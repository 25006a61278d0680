package dev.quorate.server.driver;

import dev.quorate.raft.Ready;
import dev.quorate.store.Store;
import dev.quorate.store.StoreException;
import dev.quorate.store.StoreView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Linearizable reads, by ReadIndex (§6.4 of the dissertation): those that arrive together ask once; when a quorum has confirmed the leader and the
 * state machine has come as far as the commit index was, they share one view of the store. Used by the loop's thread alone.
 */
final class Reads {
    private static final int READERS = 2;

    /** Reads that were confirmed together and wait for the state machine. */
    private record Confirmed(long index, List<ReadTask> tasks) {}

    private final Store store;
    private final Halt halt;
    private final ExecutorService readers;
    private final Map<Long, List<ReadTask>> asked = new HashMap<>();
    private final PriorityQueue<Confirmed> confirmed =
            new PriorityQueue<>((a, b) -> Long.compare(a.index(), b.index()));
    private long lastId;

    Reads(String name, Store store, Halt halt) {
        this.store = store;
        this.halt = halt;
        this.readers = Executors.newFixedThreadPool(
                READERS, Thread.ofPlatform().name(name + "-read-", 0).daemon().factory());
    }

    /** The id to ask the core with; always a new one, so that no late answer confirms a later read. */
    long ask(List<ReadTask> tasks) {
        asked.put(++lastId, List.copyOf(tasks));
        return lastId;
    }

    void lost(long id) {
        List<ReadTask> tasks = asked.remove(id);
        if (tasks != null) {
            tasks.forEach(ReadTask::notServed);
        }
    }

    void confirmed(Ready.ReadState state, long appliedIndex) {
        List<ReadTask> tasks = asked.remove(state.requestId());
        if (tasks == null) {
            return;
        }
        if (state.index() <= appliedIndex) {
            serve(tasks);
        } else {
            confirmed.add(new Confirmed(state.index(), tasks));
        }
    }

    void applied(long appliedIndex) {
        while (!confirmed.isEmpty() && confirmed.peek().index() <= appliedIndex) {
            serve(confirmed.poll().tasks());
        }
    }

    private void serve(List<ReadTask> tasks) {
        try {
            readers.execute(() -> run(tasks));
        } catch (RejectedExecutionException e) {
            tasks.forEach(ReadTask::notServed);
        }
    }

    private void run(List<ReadTask> tasks) {
        int served = 0;
        try (StoreView view = store.view()) {
            for (; served < tasks.size(); served++) {
                tasks.get(served).run(view);
            }
        } catch (RuntimeException e) {
            if (!(e instanceof StoreException store && store.kind() == StoreException.Kind.CLOSED)) {
                halt.now("reading the store failed", e);
            }
            // The state was replaced by a snapshot, or the node closes: this member does not lead any more.
            tasks.subList(served, tasks.size()).forEach(ReadTask::notServed);
        }
    }

    void stop() {
        List<List<ReadTask>> left = new ArrayList<>(asked.values());
        confirmed.forEach(batch -> left.add(batch.tasks()));
        asked.clear();
        confirmed.clear();
        left.forEach(tasks -> tasks.forEach(ReadTask::notServed));
        readers.close();
    }
}
