package dev.quorate.server.requests;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Requests that wait for a change: of leader, of a shard's state, of the map. What is waited for is not looked at; after any change each request
 * judges anew. Bounded by the number of requests admitted.
 */
final class HeldRequests {
    private final Executor executor;
    private Set<Request<?>> held = new HashSet<>();
    private long changes;

    HeldRequests(Executor executor) {
        this.executor = executor;
    }

    /** To be taken before judging, so that a change in between is not missed. */
    synchronized long changes() {
        return changes;
    }

    /** False when something changed since: judge again. */
    synchronized boolean hold(Request<?> request, long changesBefore) {
        if (changes != changesBefore) {
            return false;
        }
        request.wasHeld();
        held.add(request);
        return true;
    }

    synchronized void drop(Request<?> request) {
        held.remove(request);
    }

    synchronized int count() {
        return held.size();
    }

    /** Something changed: all try again, on the executor. */
    void wake() {
        List<Request<?>> woken;
        synchronized (this) {
            changes++;
            if (held.isEmpty()) {
                return;
            }
            woken = new ArrayList<>(held);
            held = new HashSet<>();
        }
        executor.execute(() -> woken.forEach(Request::attempt));
    }
}
