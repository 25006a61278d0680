package dev.quorate.server.requests;

import com.google.protobuf.ByteString;
import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.OpenSession;

/** Opening a session goes through the log as a write does, and may be repeated. */
final class OpenSessionRequest extends Request<Long> {
    private final Requests requests;
    private final ByteString clientId;
    private final SteadyClock clock;

    OpenSessionRequest(Requests requests, int shard, ByteString clientId, SteadyClock clock) {
        super(requests, shard, false);
        this.requests = requests;
        this.clientId = clientId;
        this.clock = clock;
    }

    @Override
    void serve() {
        OpenSession command = OpenSession.newBuilder()
                .setShard(shard())
                .setNowMillis(clock.nowMillis())
                .setClientId(clientId)
                .build();
        requests.propose(this, Command.newBuilder().setOpenSession(command).build(), this::applied);
    }

    private void applied(ApplyResult result) {
        switch (result) {
            case ApplyResult.SessionOpened(long incarnation) -> succeed(incarnation);
            case ApplyResult.NotOwned _ -> attempt();
            case ApplyResult.Rejected(String reason) -> fail(Error.Code.INVALID, Effect.NOT_APPLIED, reason);
            default -> throw new IllegalStateException("an opening came out as " + result);
        }
    }
}
