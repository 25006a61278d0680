package dev.quorate.sim.invariant;

import dev.quorate.raft.Entry;
import dev.quorate.sim.member.Member;
import dev.quorate.sim.member.Observer;
import dev.quorate.sim.world.Violation;
import dev.quorate.store.ApplyResult;
import dev.quorate.store.ShardView;
import dev.quorate.store.proto.ShardRecord.State;
import java.util.HashMap;
import java.util.Map;

/**
 * A group that gives a shard away says so with the epoch that decided it, which is no lower than the epoch with which it served (rule 6 of a move): else a
 * client that was sent on could be sent back, and go round.
 */
public final class EpochsGoForward implements Observer {
    private record Place(int group, int shard) {}

    private final Map<Integer, Long> furthest = new HashMap<>();
    private final Map<Place, Long> epochs = new HashMap<>();
    /** By move: of its release at the source, or its adoption at the target, whichever came first. */
    private final Map<Long, Long> decided = new HashMap<>();

    @Override
    public void applied(Member member, Entry entry, ApplyResult result) {
        if (entry.index() <= furthest.getOrDefault(member.group(), 0L)) {
            return;
        }
        furthest.put(member.group(), entry.index());
        if (result instanceof ApplyResult.Shard(ShardView shard, boolean changed) && changed) {
            long epoch = shard.record().getEpoch();
            Long before = epochs.put(new Place(member.group(), shard.shard()), epoch);
            if (before != null && epoch < before) {
                throw new Violation(
                        "epochs go forward",
                        member + " takes shard " + shard.shard() + " from epoch " + before + " back to " + epoch);
            }
            boolean adopted = shard.record().getState() == State.OWNED
                    && shard.record().getIncarnation() == shard.record().getMoveId();
            if (adopted || shard.record().getState() == State.RELEASED) {
                requireSame(member, shard.record().getMoveId(), epoch);
            }
        }
    }

    private void requireSame(Member member, long move, long epoch) {
        Long other = decided.putIfAbsent(move, epoch);
        if (move > 0 && other != null && other != epoch) {
            throw new Violation(
                    "epochs go forward",
                    member + " ends move " + move + " with epoch " + epoch + ", the other side with " + other);
        }
    }
}
