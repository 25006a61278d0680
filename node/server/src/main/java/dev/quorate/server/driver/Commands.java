package dev.quorate.server.driver;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.server.data.RequestException;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.StoreView;
import dev.quorate.store.proto.Command;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The replicated state machine for callers that may block: one command or one linearizable read at a time. */
public final class Commands {
    private final RaftDriver driver;

    public Commands(RaftDriver driver) {
        this.driver = driver;
    }

    /** What the command did. Fails as not the leader, busy, or with effect UNKNOWN when nobody knows in time. */
    public ApplyResult execute(Command command, Duration timeout) {
        return resultOf(await(driver.propose(command.toByteArray()), timeout, Effect.UNKNOWN));
    }

    /** An outcome's result, or the exception that it is. */
    public static ApplyResult resultOf(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Applied(ApplyResult result) -> result;
            case Outcome.NotLeader _, Outcome.Overwritten _ -> throw RequestException.notLeader(null);
            case Outcome.Busy _ ->
                throw RequestException.of(Error.Code.BUSY, Effect.NOT_APPLIED, "too much is under way: try again");
            case Outcome.Unknown _ ->
                throw RequestException.of(Error.Code.DEADLINE, Effect.UNKNOWN, "the member lost track of the command");
        };
    }

    /** Reads linearizably. Fails as not the leader, busy, or at the deadline. */
    public <T> T read(Function<StoreView, T> read, Duration timeout) {
        var answer = new CompletableFuture<T>();
        boolean asked = driver.read(new ReadTask() {
            @Override
            public void run(StoreView view) {
                try {
                    answer.complete(read.apply(view));
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            }

            @Override
            public void notServed() {
                answer.completeExceptionally(RequestException.notLeader(null));
            }
        });
        if (!asked) {
            throw RequestException.of(Error.Code.BUSY, Effect.NOT_APPLIED, "too much is under way: try again");
        }
        return await(answer, timeout, Effect.NOT_APPLIED);
    }

    private static <T> T await(Future<T> answer, Duration timeout, Effect effectAtDeadline) {
        try {
            return answer.get(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RequestException request) {
                throw request;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw RequestException.of(Error.Code.DEADLINE, effectAtDeadline, "no quorum answered in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RequestException.of(Error.Code.DEADLINE, effectAtDeadline, "the node is stopping");
        }
    }
}
