package dev.quorate.server.transport;

import dev.quorate.server.proto.Request;
import dev.quorate.server.proto.Response;
import java.io.IOException;
import java.time.Duration;

/** How peers are called: {@link PeerCalls}, or what a test has in its place. */
@FunctionalInterface
public interface Calls {
    /**
     * The peer's answer.
     *
     * @throws dev.quorate.server.data.RequestException when the peer answers with an error
     * @throws IOException when it can't be reached, hangs up, or does not answer in time: nobody knows whether it did what it was asked
     */
    Response call(PeerAddress address, Request.Builder request, Duration timeout) throws IOException;
}
