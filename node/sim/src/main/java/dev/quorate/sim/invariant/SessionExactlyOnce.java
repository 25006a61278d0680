package dev.quorate.sim.invariant;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.quorate.api.SessionCall;
import dev.quorate.raft.Entry;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.proto.Command;
import java.util.HashMap;
import java.util.Map;

/**
 * A session's write takes effect once, however often it is in the log: each version of a shard is given once, so two entries that carry the same call
 * and have effect have different results.
 */
public final class SessionExactlyOnce implements Observer {
    private record Call(int shard, ByteString client, long incarnation, long sequence) {}

    private final Map<Call, ApplyResult> results = new HashMap<>();

    @Override
    public void applied(Member member, Entry entry, ApplyResult result) {
        if (entry.type() != Entry.Type.COMMAND || !(result instanceof ApplyResult.Written)) {
            return;
        }
        try {
            Command command = Command.parseFrom(entry.data());
            if (command.hasWrite() && command.getWrite().hasSession()) {
                SessionCall session = command.getWrite().getSession();
                check(
                        new Call(
                                command.getWrite().getShard(),
                                session.getClientId(),
                                session.getIncarnation(),
                                session.getSequence()),
                        member,
                        entry,
                        result);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new Violation("exactly once", entry + " holds no command", e);
        }
    }

    private void check(Call call, Member member, Entry entry, ApplyResult result) {
        ApplyResult first = results.putIfAbsent(call, result);
        if (first != null && !Results.same(first, result)) {
            throw new Violation(
                    "exactly once",
                    member + " does " + call + " again at " + entry + ": " + result + " after " + first);
        }
    }
}
