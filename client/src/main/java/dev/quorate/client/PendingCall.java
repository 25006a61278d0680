package dev.quorate.client;

import dev.quorate.api.DataRequest;
import dev.quorate.api.DataResponse;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import java.util.concurrent.CompletableFuture;

/** A request to one node, until it is answered; failures of the way there are answers too. */
final class PendingCall extends CompletableFuture<DataResponse> {
    /** What a small request counts: with this, a bound of bytes bounds the number too. */
    private static final int COUNTED_BYTES_MIN = 1 << 10;

    private final DataRequest request;
    private final long deadlineNanos;

    PendingCall(DataRequest request, long deadlineNanos) {
        this.request = request;
        this.deadlineNanos = deadlineNanos;
    }

    DataRequest request() {
        return request;
    }

    long id() {
        return request.getId();
    }

    int countedBytes() {
        return Math.max(COUNTED_BYTES_MIN, request.getSerializedSize());
    }

    boolean isDue(long nowNanos) {
        return nowNanos - deadlineNanos >= 0;
    }

    void fail(Error.Code code, Effect effect, String message) {
        fail(Error.newBuilder()
                .setCode(code)
                .setEffect(effect)
                .setMessage(message)
                .build());
    }

    void fail(Error error) {
        complete(DataResponse.newBuilder().setError(error).build());
    }
}
