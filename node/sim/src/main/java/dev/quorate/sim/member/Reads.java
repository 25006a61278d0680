package dev.quorate.sim.member;

import dev.quorate.raft.Ready;
import dev.quorate.store.Store;
import dev.quorate.store.StoreView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Linearizable reads: those that arrive together ask once, and share a view of the store once it has come as far as the commit index was. */
final class Reads {
    private static final int MAX_READER_MILLIS = 3;

    /** What a client wants to read. */
    record Task(int shard, String key, Consumer<Reply> reply) {}

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
        asked.remove(id).forEach(task -> task.reply().accept(new Reply.Refused(null)));
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
                tasks.forEach(task -> answer(view, task));
            }
        });
    }

    private static void answer(StoreView view, Task task) {
        boolean owned = view.shard(task.shard()).owned();
        task.reply()
                .accept(
                        owned
                                ? new Reply.Value(
                                        view.appliedIndex(),
                                        view.get(task.shard(), task.key().getBytes(StandardCharsets.UTF_8)))
                                : new Reply.Refused(null));
    }
}
