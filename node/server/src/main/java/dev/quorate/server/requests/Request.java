package dev.quorate.server.requests;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.server.data.RequestException;
import dev.quorate.store.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** One request under way. It may be attempted many times, never two at once; its answer is given once. */
abstract class Request<T> {
    private final Requests requests;
    private final int shard;
    private final boolean anyMember;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private String operation;
    private long bytes;
    private long startNanos;
    private volatile Deadlines.Deadline deadline;
    private volatile boolean proposed;
    private volatile boolean held;

    /** @param anyMember whether a follower may serve it */
    Request(Requests requests, int shard, boolean anyMember) {
        this.requests = requests;
        this.shard = shard;
        this.anyMember = anyMember;
    }

    final int shard() {
        return shard;
    }

    final CompletableFuture<T> answer() {
        return answer;
    }

    /** It counts from here on, as so many bytes, until it is answered. */
    final void admitted(String asOperation, long asBytes, long nowNanos) {
        operation = asOperation;
        bytes = asBytes;
        startNanos = nowNanos;
    }

    final void endsBy(Deadlines.Deadline end) {
        deadline = end;
    }

    final String operation() {
        return operation;
    }

    final long bytes() {
        return bytes;
    }

    final long startNanos() {
        return startNanos;
    }

    /** Judges who answers and acts on it. */
    final void attempt() {
        proposed = false;
        while (!answer.isDone()) {
            long changes = requests.held().changes();
            switch (judge()) {
                case Ownership.Verdict.Serve() -> {
                    serve();
                    return;
                }
                case Ownership.Verdict.Refuse(RequestException error) -> {
                    fail(error);
                    return;
                }
                case Ownership.Verdict.Hold() -> {
                    if (requests.held().hold(this, changes)) {
                        return;
                    }
                }
            }
        }
    }

    private Ownership.Verdict judge() {
        try {
            return requests.judge(shard, anyMember);
        } catch (StoreException e) {
            return new Ownership.Verdict.Refuse(requests.stopping());
        }
    }

    /** This member leads the owner: goes to the log or the store. */
    abstract void serve();

    /** From here on the request may take effect. */
    final void proposing() {
        proposed = true;
    }

    /** It is about to wait for a change. */
    final void wasHeld() {
        held = true;
    }

    /** Whether it ever was: most never are. */
    final boolean isEverHeld() {
        return held;
    }

    final void succeed(T result) {
        if (ended.compareAndSet(false, true)) {
            ended(null);
            answer.complete(result);
        }
    }

    final void fail(RequestException error) {
        if (ended.compareAndSet(false, true)) {
            ended(error);
            answer.completeExceptionally(error);
        }
    }

    /** Before it is answered: who has the answer may ask the next, which finds the room of this one. */
    private void ended(RequestException failure) {
        Deadlines.Deadline end = deadline;
        if (end != null) { // null only when it is the deadline itself that came at once
            end.cancel();
        }
        requests.ended(this, failure);
    }

    final void fail(Error.Code code, Effect effect, String message) {
        fail(RequestException.of(code, effect, message));
    }

    /** The deadline has come, or the node stops. */
    final void expire() {
        if (proposed) {
            fail(
                    Error.Code.DEADLINE,
                    Effect.UNKNOWN,
                    "the write was proposed but not confirmed in time: read to see whether it took effect");
        } else if (requests.isClosed()) {
            fail(requests.stopping());
        } else {
            fail(
                    Error.Code.DEADLINE,
                    Effect.NOT_APPLIED,
                    "no leader, no quorum or no hand-over of the shard within the request's time: try again");
        }
    }
}
