package dev.quorate.sim.client;

import com.google.protobuf.ByteString;
import dev.quorate.api.SessionCall;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.OpenSession;
import dev.quorate.store.proto.WriteCommand;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/** A caller's sessions, one a shard: gives writes their sequence, and repeats the one that has no answer yet, mostly until it has one. */
final class ClientSessions {
    /** One in so many times a write is given up instead of repeated. */
    private static final int REPEATS = 12;

    private final ByteString clientId;
    private final SplittableRandom random;
    /** By shard. */
    private final Map<Integer, Long> incarnations = new HashMap<>();

    private long lastSequence;
    /** The write without an answer, or null. */
    private Command unanswered;

    ClientSessions(UUID client, SplittableRandom random) {
        this.clientId = ByteString.copyFrom(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(client.getMostSignificantBits())
                .putLong(client.getLeastSignificantBits())
                .flip());
        this.random = random;
    }

    /** The write as one that takes effect once; or, where there is no session yet, what opens one. */
    Command once(WriteCommand write) {
        Long incarnation = incarnations.get(write.getShard());
        if (incarnation == null) {
            return Command.newBuilder()
                    .setOpenSession(OpenSession.newBuilder()
                            .setShard(write.getShard())
                            .setNowMillis(write.getNowMillis())
                            .setClientId(clientId))
                    .build();
        }
        lastSequence++;
        SessionCall.Builder call = SessionCall.newBuilder()
                .setClientId(clientId)
                .setIncarnation(incarnation)
                .setSequence(lastSequence)
                .setLowestOutstanding(lastSequence);
        unanswered = Command.newBuilder()
                .setWrite(write.toBuilder().setSession(call))
                .build();
        return unanswered;
    }

    Optional<Command> toRepeat() {
        if (unanswered != null && random.nextInt(REPEATS) == 0) {
            unanswered = null;
        }
        return Optional.ofNullable(unanswered);
    }

    void answered(Command command, ApplyResult result) {
        if (result instanceof ApplyResult.SessionOpened(long incarnation)) {
            incarnations.put(command.getOpenSession().getShard(), incarnation);
        }
        if (command == unanswered && !(result instanceof ApplyResult.NotOwned)) {
            unanswered = null;
        }
    }
}
