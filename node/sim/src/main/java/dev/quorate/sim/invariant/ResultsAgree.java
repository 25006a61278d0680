package dev.quorate.sim.invariant;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.quorate.raft.Entry;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.model.KeyValueModel;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.proto.Command;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every member gets the same result from a write, and it is the one that the {@link KeyValueModel} gets. A shard has one model, wherever it is: what a group
 * did before it gave the shard away is done before what the next one does.
 */
public final class ResultsAgree implements Observer {
    private final Map<Integer, KeyValueModel> shards = new HashMap<>();
    /** Of each group, by index, from 1. */
    private final Map<Integer, List<ApplyResult>> groups = new HashMap<>();

    @Override
    public void applied(Member member, Entry entry, ApplyResult result) {
        List<ApplyResult> expected = groups.computeIfAbsent(member.group(), group -> new ArrayList<>());
        if (entry.index() == expected.size() + 1) {
            expected.add(expect(entry, result));
        }
        ApplyResult wanted = expected.get((int) entry.index() - 1);
        if (!Results.same(wanted, result)) {
            throw new Violation(
                    "results agree", member + " gets " + result + " from " + entry + ", but it should be " + wanted);
        }
    }

    private KeyValueModel model(int shard) {
        return shards.computeIfAbsent(shard, number -> new KeyValueModel());
    }

    private ApplyResult expect(Entry entry, ApplyResult result) {
        boolean modelled = entry.type() == Entry.Type.COMMAND && !(result instanceof ApplyResult.NotOwned);
        if (!modelled) {
            return result;
        }
        try {
            Command command = Command.parseFrom(entry.data());
            return switch (command.getCommandCase()) {
                case WRITE -> model(command.getWrite().getShard()).apply(command.getWrite());
                case OPEN_SESSION -> model(command.getOpenSession().getShard()).open(command.getOpenSession());
                case EXPIRE -> model(command.getExpire().getShard()).expire(command.getExpire());
                default -> result;
            };
        } catch (InvalidProtocolBufferException e) {
            throw new Violation("results agree", entry + " holds no command", e);
        }
    }
}
