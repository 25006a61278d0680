package dev.quorate.server.driver;

import dev.quorate.raft.Ready;
import dev.quorate.server.data.Bursts;
import dev.quorate.store.Store;
import dev.quorate.store.StoreException;
import dev.quorate.store.StoreView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Linearizable reads, by ReadIndex (§6.4 of the dissertation): those that arrive together ask once; when a quorum has confirmed the leader and the
 * state machine has come as far as the commit index was, they share one view of the store. Used by the core's loop alone.
 */
final class Reads {
    private static final int READERS = 2;

    private record Asked(long atNanos, List<ReadTask> tasks) {}

    /** Reads that were confirmed together and wait for the state machine. */
    private record Confirmed(long index, Asked asked) {}

    private final Store store;
    private final Halt halt;
    private final ExecutorService readers;
    private final Map<Long, Asked> asked = new HashMap<>();
    private final PriorityQueue<Confirmed> confirmed =
            new PriorityQueue<>((a, b) -> Long.compare(a.index(), b.index()));
    private long lastId;
    /** The state machine has all that was committed then; null until that is known once. */
    private Long freshAtNanos;

    Reads(String name, Store store, Halt halt) {
        this.store = store;
        this.halt = halt;
        this.readers = Executors.newFixedThreadPool(
                READERS, Thread.ofPlatform().name(name + "-read-", 0).daemon().factory());
    }

    /** The id to ask the core with; always a new one, so that no late answer confirms a later read. */
    long ask(List<ReadTask> tasks) {
        asked.put(++lastId, new Asked(System.nanoTime(), List.copyOf(tasks)));
        return lastId;
    }

    /**
     * Serves the read if the state machine is that fresh for sure. Time counts from the moment a read index was asked for, on this machine's own clock: not
     * from a message of the leader, which may have been long on its way or come from one that was replaced, and not in ticks, which a process that
     * stands still does not see.
     */
    boolean serveIfFresh(ReadTask task, long maxStaleNanos) {
        boolean fresh = freshAtNanos != null && System.nanoTime() - freshAtNanos <= maxStaleNanos;
        if (fresh) {
            serve(List.of(task));
        }
        return fresh;
    }

    /** Whether the core has not answered yet. */
    boolean isAsked(long id) {
        return asked.containsKey(id);
    }

    void lost(long id) {
        Asked reads = asked.remove(id);
        if (reads != null) {
            reads.tasks().forEach(ReadTask::notServed);
        }
    }

    void confirmed(Ready.ReadState state, long appliedIndex) {
        Asked reads = asked.remove(state.requestId());
        if (reads == null) {
            return;
        }
        if (state.index() <= appliedIndex) {
            serve(reads);
        } else {
            confirmed.add(new Confirmed(state.index(), reads));
        }
    }

    /** Whether confirmed reads wait for the state machine. */
    boolean awaitApplied() {
        return !confirmed.isEmpty();
    }

    void applied(long appliedIndex) {
        while (!confirmed.isEmpty() && confirmed.peek().index() <= appliedIndex) {
            serve(confirmed.poll().asked());
        }
    }

    private void serve(Asked reads) {
        if (freshAtNanos == null || reads.atNanos() - freshAtNanos > 0) {
            freshAtNanos = reads.atNanos();
        }
        serve(reads.tasks());
    }

    private void serve(List<ReadTask> tasks) {
        try {
            readers.execute(() -> run(tasks));
        } catch (RejectedExecutionException e) {
            tasks.forEach(ReadTask::notServed);
        }
    }

    private void run(List<ReadTask> tasks) {
        Queue<ReadTask> left = new ArrayDeque<>(tasks);
        try (StoreView view = store.view()) {
            while (!left.isEmpty()) {
                Bursts.run(() -> view.together(() -> runSome(left, view)));
            }
        } catch (RuntimeException | Error e) {
            if (!(e instanceof StoreException store && store.kind() == StoreException.Kind.CLOSED)) {
                halt.now("reading the store failed", e);
            }
            // The state was replaced by a snapshot, or the node closes: this member does not lead any more.
            left.forEach(ReadTask::notServed);
        }
    }

    private static void runSome(Queue<ReadTask> left, StoreView view) {
        for (int i = 0; i < Bursts.SIZE && !left.isEmpty(); i++) {
            left.element().run(view);
            left.remove();
        }
    }

    void stop() {
        List<Asked> left = new ArrayList<>(asked.values());
        confirmed.forEach(batch -> left.add(batch.asked()));
        asked.clear();
        confirmed.clear();
        left.forEach(reads -> reads.tasks().forEach(ReadTask::notServed));
        readers.close();
    }
}
