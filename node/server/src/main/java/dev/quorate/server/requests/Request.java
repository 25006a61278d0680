package dev.quorate.server.requests;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.server.data.RequestException;
import dev.quorate.store.StoreException;
import java.util.concurrent.CompletableFuture;

/** One request under way. It may be attempted many times, never two at once; its answer is given once. */
abstract class Request<T> {
    private final Requests requests;
    private final int shard;
    private final boolean anyMember;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
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
        answer.complete(result);
    }

    final void fail(RequestException error) {
        answer.completeExceptionally(error);
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
