package dev.quorate.sim.invariant;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.quorate.raft.Entry;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.ShardView;
import dev.quorate.store.proto.Command;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The source of a move deletes its rows only once the target has adopted the shard (rule 1 of a move): until then they are the last that serves anybody. */
public final class LastCopyStays implements Observer {
    private final Map<Integer, Long> furthest = new HashMap<>();
    /** Shards that a group gave away and nobody adopted yet. */
    private final Set<Integer> released = new HashSet<>();

    private final Set<Long> adoptedMoves = new HashSet<>();

    @Override
    public void applied(Member member, Entry entry, ApplyResult result) {
        if (entry.index() <= furthest.getOrDefault(member.group(), 0L)) {
            return;
        }
        furthest.put(member.group(), entry.index());
        if (result instanceof ApplyResult.Shard(ShardView shard, boolean changed) && changed) {
            switch (shard.record().getState()) {
                case RELEASED -> note(shard);
                case OWNED -> adopted(shard);
                case NONE -> requireAdopted(member, entry, shard.shard());
                default -> {}
            }
        }
    }

    private void note(ShardView shard) {
        if (!adoptedMoves.contains(shard.record().getMoveId())) {
            released.add(shard.shard());
        }
    }

    private void adopted(ShardView shard) {
        boolean byMove = shard.record().getIncarnation() == shard.record().getMoveId();
        if (byMove && adoptedMoves.add(shard.record().getMoveId())) {
            released.remove(shard.shard());
        }
    }

    private void requireAdopted(Member member, Entry entry, int shard) {
        if (released.contains(shard) && isPurge(entry)) {
            throw new Violation(
                    "last copy stays", member + " deletes shard " + shard + ", which nobody has adopted from it yet");
        }
    }

    private static boolean isPurge(Entry entry) {
        try {
            return Command.parseFrom(entry.data()).hasPurge();
        } catch (InvalidProtocolBufferException e) {
            throw new Violation("last copy stays", entry + " holds no command", e);
        }
    }
}
