package dev.quorate.sim.invariant;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.quorate.raft.Entry;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.model.KeyValueModel;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.proto.Command;
import dev.quorate.store.proto.WriteCommand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every member gets the same result from a write, and it is the one that the {@link KeyValueModel} gets. */
public final class ResultsAgree implements Observer {
    private final Map<Integer, KeyValueModel> shards = new HashMap<>();
    /** By index, from 1. */
    private final List<ApplyResult> expected = new ArrayList<>();

    @Override
    public void applied(Member member, Entry entry, ApplyResult result) {
        if (entry.index() == expected.size() + 1) {
            expected.add(expect(entry, result));
        }
        ApplyResult wanted = expected.get((int) entry.index() - 1);
        if (!Results.same(wanted, result)) {
            throw new Violation(
                    "results agree", member + " gets " + result + " from " + entry + ", but it should be " + wanted);
        }
    }

    private ApplyResult expect(Entry entry, ApplyResult result) {
        boolean modelled = entry.type() == Entry.Type.COMMAND && !(result instanceof ApplyResult.NotOwned);
        if (!modelled) {
            return result;
        }
        try {
            Command command = Command.parseFrom(entry.data());
            WriteCommand write = command.getWrite();
            return command.hasWrite()
                    ? shards.computeIfAbsent(write.getShard(), shard -> new KeyValueModel())
                            .apply(write)
                    : result;
        } catch (InvalidProtocolBufferException e) {
            throw new Violation("results agree", entry + " holds no command", e);
        }
    }
}
