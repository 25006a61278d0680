package dev.quorate.server.admin;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.client.ErrorTrailer;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Lets only calls through that carry the cluster's token in the header {@code authorization: Bearer ...}. */
public final class TokenInterceptor implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final byte[] expected;

    public TokenInterceptor(String token) {
        this.expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public <Q, S> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
        String given = headers.get(AUTHORIZATION);
        // Takes as long for a wrong token as for a right one.
        if (given != null && MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
            return next.startCall(call, headers);
        }
        Error error = Error.newBuilder()
                .setCode(Error.Code.UNAUTHENTICATED)
                .setEffect(Effect.NOT_APPLIED)
                .setMessage("the call needs the header \"authorization: Bearer TOKEN\" with the cluster's token")
                .build();
        StatusRuntimeException failure = ErrorTrailer.toStatus(error);
        call.close(failure.getStatus(), failure.getTrailers());
        return new ServerCall.Listener<>() {};
    }
}
