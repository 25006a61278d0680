package dev.quorate.client;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;

/** How an {@link Error} travels in gRPC: as a status code for those who know no better, and whole in a trailer. */
public final class ErrorTrailer {
    /** The trailer {@code quorate-error-bin}. */
    public static final Metadata.Key<Error> KEY = Metadata.Key.of(
            "quorate-error" + Metadata.BINARY_HEADER_SUFFIX, ProtoUtils.metadataMarshaller(Error.getDefaultInstance()));

    private ErrorTrailer() {}

    private static final String NO_GRPC =
            "what answers there does not speak gRPC; if it is a Redis port, take the node's gRPC port: `quorate status` names both";

    /** What a server ends the call with. */
    public static StatusRuntimeException toStatus(Error error) {
        Metadata trailers = new Metadata();
        trailers.put(KEY, error);
        return statusOf(error.getCode()).withDescription(error.getMessage()).asRuntimeException(trailers);
    }

    /** What a client throws. An answer without the trailer never reached our code there, or was lost on the way. */
    public static QuorateException toException(StatusRuntimeException failure) {
        Metadata trailers = failure.getTrailers();
        Error error = trailers == null ? null : trailers.get(KEY);
        return new QuorateException(error == null ? toError(failure.getStatus()) : error, failure);
    }

    /** What a call that ended so is known to have done, when the node told nothing. */
    static Error toError(Status status) {
        Error.Code code = switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> Error.Code.DEADLINE;
            case UNAUTHENTICATED, PERMISSION_DENIED -> Error.Code.UNAUTHENTICATED;
            case INVALID_ARGUMENT, UNIMPLEMENTED -> Error.Code.INVALID;
            case RESOURCE_EXHAUSTED -> Error.Code.BUSY;
            case UNAVAILABLE, CANCELLED -> Error.Code.UNREACHABLE;
            default -> Error.Code.INTERNAL;
        };
        boolean refused = code == Error.Code.UNAUTHENTICATED
                || code == Error.Code.INVALID
                || neverConnected(status)
                || isNoGrpc(status);
        return Error.newBuilder()
                .setCode(code)
                .setEffect(refused ? Effect.NOT_APPLIED : Effect.UNKNOWN)
                .setMessage(isNoGrpc(status) ? NO_GRPC : message(status))
                .build();
    }

    private static String message(Status status) {
        Throwable cause = status.getCause();
        String message = status.getDescription() == null ? status.getCode().toString() : status.getDescription();
        return cause == null ? message : message + ": " + cause.getMessage();
    }

    /** Whether something else than HTTP/2 answered. */
    private static boolean isNoGrpc(Status status) {
        return message(status).contains("First received frame was not SETTINGS");
    }

    private static boolean neverConnected(Status status) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException) {
                return true;
            }
        }
        return false;
    }

    private static Status statusOf(Error.Code code) {
        return switch (code) {
            case NOT_LEADER, WRONG_GROUP, REMOVED, NOT_CAUGHT_UP, SESSION_EXPIRED -> Status.FAILED_PRECONDITION;
            case BUSY, DISK_FULL -> Status.RESOURCE_EXHAUSTED;
            case DEADLINE -> Status.DEADLINE_EXCEEDED;
            case INVALID -> Status.INVALID_ARGUMENT;
            case NOT_READY, UNREACHABLE -> Status.UNAVAILABLE;
            case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
            case INTERNAL, UNRECOGNIZED -> Status.INTERNAL;
        };
    }
}
