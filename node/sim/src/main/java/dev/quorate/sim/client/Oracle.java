package dev.quorate.sim.client;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.quorate.raft.Entry;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.member.Reply;
import dev.quorate.sim.model.KeyValueModel;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.Versioned;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.Operation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every answer is linearizable: the group's log is the one order of all operations, each has its place there, and that place is after those of all
 * operations that were answered before it was asked for; a read has the value that the writes before its place made.
 */
public final class Oracle implements Observer {
    private record Key(int shard, String name) {}

    private final Map<Integer, KeyValueModel> shards = new HashMap<>();
    /** Each key's values by the index that made them; null for none. */
    private final Map<Key, TreeMap<Long, Versioned>> values = new HashMap<>();

    private long appliedIndex;
    private long answeredIndex;
    private long answered;

    /** Operations that were answered with an effect or a value. */
    public long answered() {
        return answered;
    }

    /** An operation is asked for: its place must be after this index, or, for a read, not before it. */
    long ask() {
        return answeredIndex;
    }

    void applied(String client, long askedAt, Reply.Applied reply) {
        if (reply.index() <= askedAt) {
            throw new Violation(
                    "linearizable answers",
                    client + " is told that its write took place at " + reply.index() + ", but " + askedAt
                            + " was answered before it was asked for");
        }
        answer(reply.index());
    }

    void read(String client, long askedAt, int shard, String key, Reply.Value reply) {
        TreeMap<Long, Versioned> history = values.get(new Key(shard, key));
        var made = history == null ? null : history.floorEntry(reply.index());
        Versioned expected = made == null ? null : made.getValue();
        boolean same = expected == null || reply.value() == null
                ? expected == reply.value()
                : expected.version() == reply.value().version()
                        && Arrays.equals(expected.value(), reply.value().value());
        if (reply.index() < askedAt || !same) {
            throw new Violation(
                    "linearizable answers",
                    client + " reads " + reply + " of " + key + ", but it is " + expected + " there, and " + askedAt
                            + " was answered before");
        }
        answer(reply.index());
    }

    private void answer(long index) {
        answeredIndex = Math.max(answeredIndex, index);
        answered++;
    }

    @Override
    public void applied(Member member, Entry entry, ApplyResult result) {
        if (entry.index() != appliedIndex + 1) {
            return;
        }
        appliedIndex++;
        if (!(result instanceof ApplyResult.Written)) {
            return;
        }
        try {
            Command command = Command.parseFrom(entry.data());
            int shard = command.getWrite().getShard();
            KeyValueModel model = shards.computeIfAbsent(shard, number -> new KeyValueModel());
            model.apply(command.getWrite());
            for (Operation operation : command.getWrite().getOperationsList()) {
                String key = operation.getKey().toStringUtf8();
                values.computeIfAbsent(new Key(shard, key), name -> new TreeMap<>())
                        .put(entry.index(), model.get(key));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new Violation("linearizable answers", entry + " holds no command", e);
        }
    }
}
