package dev.quorate.server.redis;

import dev.quorate.api.Error;
import dev.quorate.api.Member;
import dev.quorate.server.data.RequestException;
import java.util.concurrent.CompletionException;

/**
 * A failed request as an error reply. A redirect where there is somebody to redirect to; else the error's code, the effect (NOT_APPLIED or
 * UNKNOWN), and what happened.
 */
final class ErrorReplies {
    static final String NOT_READY =
            "LOADING this node belongs to no cluster yet: it waits to be made a member of a group that has a shard map";

    private ErrorReplies() {}

    static Reply of(Throwable failure, int slot) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case RequestException e -> of(e.error(), slot);
            case CommandException e -> new Reply.Failure(e.getMessage());
            default -> new Reply.Failure("ERR INTERNAL UNKNOWN " + cause);
        };
    }

    private static Reply of(Error error, int slot) {
        String words = error.getEffect() + " " + error.getMessage();
        return new Reply.Failure(
                switch (error.getCode()) {
                    case NOT_LEADER, WRONG_GROUP ->
                        canRedirect(error) ? moved(slot, error.getLeader()) : "ERR " + error.getCode() + " " + words;
                    case INVALID -> "ERR " + error.getMessage();
                    case NOT_READY -> "LOADING " + words;
                    case BUSY -> "BUSY " + words;
                    default -> "ERR " + error.getCode() + " " + words;
                });
    }

    private static boolean canRedirect(Error error) {
        return !error.getLeader().getHost().isEmpty() && error.getLeader().getRedisPort() > 0;
    }

    private static String moved(int slot, Member leader) {
        return "MOVED " + slot + " " + leader.getHost() + ":" + leader.getRedisPort();
    }
}
