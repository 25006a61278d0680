package dev.quorate.sim.member;

import dev.quorate.raft.Entry;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.MemoryStorage;
import dev.quorate.store.Store;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Feeds the state machine what is committed, some time later, and answers those who proposed it. */
final class Applying {
    private static final int MAX_DELAY_MILLIS = 4;

    private final Process process;
    private final Member member;
    private final Store store;
    private final Proposals proposals;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private boolean due;

    Applying(Process process, Member member, Store store, Proposals proposals) {
        this.process = process;
        this.member = member;
        this.store = store;
        this.proposals = proposals;
    }

    void add(List<Entry> committed) {
        waiting.addAll(committed);
        if (!due && !waiting.isEmpty()) {
            due = true;
            process.later(process.random(MAX_DELAY_MILLIS), () -> {
                due = false;
                applyAll();
            });
        }
    }

    private void applyAll() {
        if (waiting.isEmpty()) {
            return;
        }
        List<Entry> entries = List.copyOf(waiting);
        waiting.clear();
        List<ApplyResult> results = store.apply(entries);
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            ApplyResult result = results.get(i);
            member.surroundings().tell(observer -> observer.applied(member, entry, result));
        }
        for (int i = 0; i < entries.size(); i++) {
            proposals.applied(entries.get(i), results.get(i));
        }
        process.wake();
    }

    /** By the writer, between two entries: what was to be applied before is. */
    void install(MemoryStorage.Image image) {
        applyAll();
        member.disk().state().install(store, image);
        proposals.skippedTo(image.meta().index());
        member.surroundings().tell(observer -> observer.installed(member));
        process.wake();
    }
}
