package dev.quorate.sim.client;

import com.google.protobuf.ByteString;
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
import dev.quorate.store.proto.ExpireKey;
import dev.quorate.store.proto.ExpireKeys;
import dev.quorate.store.proto.OpenSession;
import dev.quorate.store.proto.Operation;
import dev.quorate.store.proto.WriteCommand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every answer is linearizable: the order in which groups first apply entries is the one order of all operations, each has its place there, and that
 * place is after those of all operations on the shard that were answered before it was asked for; a read has the value that the writes before its place made.
 * A group that gave a shard away does not get new entries of it, so its state is at an old place for ever.
 */
public final class Oracle implements Observer {
    private record Key(int shard, String name) {}

    private final Map<Integer, KeyValueModel> shards = new HashMap<>();
    /** Each key's values by the place that made them, be they expired since; null for none. */
    private final Map<Key, TreeMap<Long, Versioned>> values = new HashMap<>();
    /** Each shard's clock by the place that moved it. */
    private final Map<Integer, TreeMap<Long, Long>> clocks = new HashMap<>();

    /** Of each group, by index from 1: the place of its entry among those of all groups. */
    private final Map<Integer, List<Long>> places = new HashMap<>();

    private final Map<Integer, Long> answeredPlaces = new HashMap<>();
    private long lastPlace;
    private long answered;

    /** Operations that were answered with an effect or a value. */
    public long answered() {
        return answered;
    }

    /** An operation on a shard is asked for: its place must be after this one, or, for a read, not before it. */
    long ask(int shard) {
        return answeredPlaces.getOrDefault(shard, 0L);
    }

    private long place(int group, long index) {
        return index == 0 ? 0 : places.get(group).get((int) index - 1);
    }

    void applied(String client, long askedAt, int group, int shard, Reply.Applied reply) {
        long place = place(group, reply.index());
        if (place <= askedAt) {
            throw new Violation(
                    "linearizable answers",
                    client + " is told that its write took place at " + place + ", but " + askedAt
                            + " was answered before it was asked for");
        }
        if (reply.result() instanceof ApplyResult.SessionExpired expired) {
            throw new Violation("exactly once", client + " is told that its session expired: " + expired.reason());
        }
        answer(shard, place);
    }

    void read(String client, long askedAt, int group, int shard, String key, Reply.Value reply) {
        long place = place(group, reply.index());
        Versioned made = latest(values.get(new Key(shard, key)), place, null);
        Versioned expected = KeyValueModel.liveAt(latest(clocks.get(shard), place, 0L), made);
        boolean same = expected == null || reply.value() == null
                ? expected == reply.value()
                : expected.version() == reply.value().version()
                        && Arrays.equals(expected.value(), reply.value().value());
        if (place < askedAt || !same) {
            throw new Violation(
                    "linearizable answers",
                    client + " reads " + reply + " of " + key + " at " + place + ", but it is " + expected
                            + " there, and " + askedAt + " was answered before");
        }
        answer(shard, place);
    }

    private static <T> T latest(TreeMap<Long, T> history, long place, T none) {
        var made = history == null ? null : history.floorEntry(place);
        return made == null ? none : made.getValue();
    }

    private void answer(int shard, long place) {
        answeredPlaces.merge(shard, place, Math::max);
        answered++;
    }

    private KeyValueModel model(int shard) {
        return shards.computeIfAbsent(shard, number -> new KeyValueModel());
    }

    @Override
    public void applied(Member member, Entry entry, ApplyResult result) {
        List<Long> known = places.computeIfAbsent(member.group(), group -> new ArrayList<>());
        if (entry.index() != known.size() + 1) {
            return;
        }
        known.add(++lastPlace);
        if (entry.type() != Entry.Type.COMMAND || result instanceof ApplyResult.NotOwned) {
            return;
        }
        try {
            Command command = Command.parseFrom(entry.data());
            switch (command.getCommandCase()) {
                case OPEN_SESSION -> {
                    OpenSession open = command.getOpenSession();
                    model(open.getShard()).open(open);
                    keep(open.getShard(), List.of());
                }
                case WRITE -> {
                    WriteCommand write = command.getWrite();
                    model(write.getShard()).apply(write);
                    keep(
                            write.getShard(),
                            write.getOperationsList().stream()
                                    .map(Operation::getKey)
                                    .toList());
                }
                case EXPIRE -> {
                    ExpireKeys expire = command.getExpire();
                    model(expire.getShard()).expire(expire);
                    keep(
                            expire.getShard(),
                            expire.getKeysList().stream().map(ExpireKey::getKey).toList());
                }
                default -> {}
            }
        } catch (InvalidProtocolBufferException e) {
            throw new Violation("linearizable answers", entry + " holds no command", e);
        }
    }

    /** What the last entry left. */
    private void keep(int shard, List<ByteString> keys) {
        KeyValueModel now = model(shard);
        clocks.computeIfAbsent(shard, absent -> new TreeMap<>()).put(lastPlace, now.clockMillis());
        for (ByteString key : keys) {
            String name = key.toStringUtf8();
            values.computeIfAbsent(new Key(shard, name), absent -> new TreeMap<>())
                    .put(lastPlace, now.get(name));
        }
    }
}
