package dev.quorate.sim.member;

import dev.quorate.raft.Ready;
import dev.quorate.store.Store;
import dev.quorate.store.StoreView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Linearizable reads: those that arrive together ask once, and share a view of the store once it has come as far as the commit index was. */
final class Reads {
    private static final int MAX_READER_MILLIS = 3;

    /**
     * What is to be done with a view.
     *
     * @param notServed the core gave the read up
     */
    record Task(Consumer<StoreView> served, Runnable notServed) {}

    private record Confirmed(long index, List<Task> tasks) {}

    private final Process process;
    private final Store store;
    private final Map<Long, List<Task>> asked = new HashMap<>();
    private final List<Confirmed> confirmed = new ArrayList<>();
    private long lastId;

    Reads(Process process, Store store) {
        this.process = process;
        this.store = store;
    }

    /** The id to ask the core with; always a new one, so that no late answer confirms a later read. */
    long ask(List<Task> tasks) {
        asked.put(++lastId, tasks);
        return lastId;
    }

    void lost(long id) {
        asked.remove(id).forEach(task -> task.notServed().run());
    }

    void confirmed(Ready.ReadState state, long appliedIndex) {
        List<Task> tasks = asked.remove(state.requestId());
        if (state.index() <= appliedIndex) {
            serve(tasks);
        } else {
            confirmed.add(new Confirmed(state.index(), tasks));
        }
    }

    void applied(long appliedIndex) {
        List<Confirmed> due =
                confirmed.stream().filter(each -> each.index <= appliedIndex).toList();
        confirmed.removeAll(due);
        due.forEach(each -> serve(each.tasks));
    }

    /** A reader's thread takes a view some time later, when the state may have moved on. */
    private void serve(List<Task> tasks) {
        process.later(process.random(MAX_READER_MILLIS), () -> {
            try (StoreView view = store.view()) {
                tasks.forEach(task -> task.served().accept(view));
            }
        });
    }
}
