package dev.quorate.server.driver;

import dev.quorate.raft.Entry;
import dev.quorate.raft.SnapshotMeta;
import dev.quorate.server.data.Bursts;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.Checkpoint;
import dev.quorate.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** The thread that feeds committed entries to the state machine, in order, and completes their proposals. */
final class Applier {
    private sealed interface Work {
        record Apply(List<Entry> entries) implements Work {}

        record Install(Checkpoint checkpoint, CompletableFuture<Void> done) implements Work {}

        record Stop() implements Work {}
    }

    private static final int BATCH_ENTRIES = 4_096;

    private final Store store;
    private final Proposals proposals;
    private final DriverListener listener;
    private final DriverMeters meters;
    private final Halt halt;
    private final Runnable onProgress;
    /** Bounded by the core: it hands out only so many bytes that are not applied. */
    private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>();

    private final Thread thread;
    private volatile SnapshotMeta applied;

    Applier(
            String name,
            Store store,
            Proposals proposals,
            DriverListener listener,
            DriverMeters meters,
            Halt halt,
            Runnable onProgress) {
        this.store = store;
        this.proposals = proposals;
        this.listener = listener;
        this.meters = meters;
        this.halt = halt;
        this.onProgress = onProgress;
        this.applied = store.applied();
        this.thread = Thread.ofPlatform().name(name + "-apply").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void apply(List<Entry> entries) {
        queue.add(new Work.Apply(entries));
    }

    /** Replaces the state machine's content; complete when that is durable. */
    CompletableFuture<Void> install(Checkpoint checkpoint) {
        var done = new CompletableFuture<Void>();
        queue.add(new Work.Install(checkpoint, done));
        return done;
    }

    long appliedIndex() {
        return applied.index();
    }

    long appliedTerm() {
        return applied.term();
    }

    private void run() {
        try {
            while (true) {
                switch (queue.take()) {
                    case Work.Apply(List<Entry> entries) -> applyNow(withWhatFollows(entries));
                    case Work.Install(Checkpoint checkpoint, CompletableFuture<Void> done) ->
                        installNow(checkpoint, done);
                    case Work.Stop() -> {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            halt.now("applying committed entries failed", e);
        }
    }

    /** What has queued up behind goes into the same batch. */
    private List<Entry> withWhatFollows(List<Entry> first) {
        if (!(queue.peek() instanceof Work.Apply)) {
            return first;
        }
        List<Entry> all = new ArrayList<>(first);
        while (all.size() < BATCH_ENTRIES && queue.peek() instanceof Work.Apply(List<Entry> next)) {
            queue.remove();
            all.addAll(next);
        }
        return all;
    }

    private void applyNow(List<Entry> entries) {
        long startNanos = System.nanoTime();
        List<ApplyResult> results = store.apply(entries);
        meters.applied(entries.size(), System.nanoTime() - startNanos);
        Entry last = entries.getLast();
        applied = new SnapshotMeta(last.index(), last.term(), applied.membership());
        // The listener first: who is told of a result finds caches that know it already.
        for (ApplyResult result : results) {
            listener.applied(result);
        }
        for (int from = 0; from < results.size(); from += Bursts.SIZE) {
            int first = from;
            int end = Math.min(first + Bursts.SIZE, results.size());
            Bursts.run(() -> answer(entries.subList(first, end), results.subList(first, end)));
        }
        onProgress.run();
    }

    private void answer(List<Entry> entries, List<ApplyResult> results) {
        for (int i = 0; i < entries.size(); i++) {
            proposals.applied(entries.get(i), results.get(i));
        }
    }

    private void installNow(Checkpoint checkpoint, CompletableFuture<Void> done) {
        try {
            store.install(checkpoint);
        } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
            return;
        }
        applied = checkpoint.meta();
        proposals.skippedTo(applied.index());
        listener.installed();
        done.complete(null);
        onProgress.run();
    }

    /** Finishes what is queued. */
    void stop() throws InterruptedException {
        queue.add(new Work.Stop());
        thread.join();
    }
}
