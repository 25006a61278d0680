package dev.quorate.server.requests;

import dev.quorate.api.Effect;
import dev.quorate.api.Error;
import dev.quorate.api.SessionCall;
import dev.quorate.server.disk.DiskSpace;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.OperationResult;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.WriteCommand;
import java.util.List;

/** A write goes through the log, whose application is the word on whether the group owns the shard. */
final class WriteRequest extends Request<List<OperationResult>> {
    private final Requests requests;
    private final List<Operation> operations;
    private final SessionCall session;
    private final SteadyClock clock;
    private final DiskSpace space;

    /** @param session null for a write that takes effect as often as it is sent */
    WriteRequest(
            Requests requests,
            int shard,
            List<Operation> operations,
            SessionCall session,
            SteadyClock clock,
            DiskSpace space) {
        super(requests, shard, false);
        this.requests = requests;
        this.operations = operations;
        this.session = session;
        this.clock = clock;
        this.space = space;
    }

    @Override
    void serve() {
        if (!diskTakesIt()) {
            fail(Error.Code.DISK_FULL, Effect.NOT_APPLIED, "on the leader " + space.trouble());
            return;
        }
        WriteCommand.Builder command = WriteCommand.newBuilder()
                .setShard(shard())
                .setNowMillis(clock.nowMillis())
                .addAllOperations(operations);
        if (session != null) {
            command.setSession(session);
        }
        requests.propose(this, Command.newBuilder().setWrite(command).build(), this::applied);
    }

    /** On a full disk only what makes space is taken, and lives on the reserve. */
    private boolean diskTakesIt() {
        return switch (space.state()) {
            case PLENTY -> true;
            case FULL -> operations.stream().allMatch(Operation::hasDelete);
            case EXHAUSTED -> false;
        };
    }

    private void applied(ApplyResult result) {
        switch (result) {
            case ApplyResult.Written(List<OperationResult> results) -> succeed(results);
            case ApplyResult.NotOwned _ -> attempt();
            case ApplyResult.Rejected(String reason) -> fail(Error.Code.INVALID, Effect.NOT_APPLIED, reason);
            case ApplyResult.SessionExpired(String reason) ->
                fail(
                        Error.Code.SESSION_EXPIRED,
                        Effect.UNKNOWN,
                        reason + ": read to see whether an earlier attempt took effect, and open a new session");
            case ApplyResult.SessionFull() ->
                fail(
                        Error.Code.BUSY,
                        Effect.NOT_APPLIED,
                        "the session keeps too many large results: acknowledge some and try again");
            default -> throw new IllegalStateException("a write came out as " + result);
        }
    }
}
